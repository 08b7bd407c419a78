import type { RunTimeline } from '../../explore/timeline.ts';
import type { VulnerableWindow } from '../../explore/windows.ts';

/** Round numbers of events along the axis, both ends included only where they are round. */
export function ticksOf(from: number, to: number, about: number): number[] {
  const rough = Math.max(1, (to - from) / about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}

/** Width of the run in buckets; the last one may be part of one. */
export const widthOf = ({ events, eventsPerBucket }: RunTimeline): number =>
  Math.max(1, events) / eventsPerBucket;

/** A place in the run as a percentage of its width. */
export const percent = (index: number, { events }: RunTimeline): string =>
  `${trim((100 * Math.min(index, events)) / Math.max(1, events), 4)}%`;

/** A number with at most so many decimals, and no more digits than it needs. */
export const trim = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));

/** The events right after which a window is open: from the first one up to the one that ends it. */
export const drawnOver = ({ from, to }: VulnerableWindow): [from: number, to: number] => [
  Math.max(0, from - 1),
  Math.max(from, to - 1),
];

/** The windows as stretches of buckets that do not overlap: at most two for each bucket, however many windows there are. */
export function bandsOf(
  windows: readonly VulnerableWindow[],
  { eventsPerBucket }: RunTimeline,
): [number, number][] {
  const bands: [number, number][] = [];
  for (const window of [...windows].sort((one, other) => one.from - other.from)) {
    const [from, to] = drawnOver(window);
    const start = Math.floor((2 * from) / eventsPerBucket) / 2;
    const end = Math.max(start, Math.ceil((2 * to) / eventsPerBucket) / 2);
    const last = bands.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else bands.push([start, end]);
  }
  return bands;
}
