import { html, type Markup } from './html.ts';

/** Colours and shapes of series; the first comes again after the last. */
const SERIES = 6;

export const seriesClass = (series: number): string => `series-${series % SERIES}`;

/** Each series has its shape as well as its colour; all are drawn around 0, about 9 units wide. */
const SHAPES: readonly string[] = [
  'M-4.2 0a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0 -8.4 0Z',
  'M-4 -4H4V4H-4Z',
  'M0 -5L5 4H-5Z',
  'M0 -5.4L5.4 0L0 5.4L-5.4 0Z',
  'M0 5L5 -4H-5Z',
  'M-1.7 -5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5V-1.7H-1.7Z',
];

export const shapeOf = (series: number): string => SHAPES[series % SERIES];

/** A series as it looks in a list of them. */
export const seriesKey = (series: number): Markup =>
  html`<svg class="${seriesClass(series)} point" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><path d="${shapeOf(series)}"/></svg>`;
