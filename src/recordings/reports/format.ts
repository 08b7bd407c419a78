import { html, type Markup } from './html.ts';

/** 12,345 */
export const count = (value: number): string =>
  Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : 'too many to count';

/** 1,058, 46.9 or 1.88; – where there is no number. */
export const decimal = (value: number | null): string =>
  value === null
    ? '–'
    : value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 1000 ? 1 : 0 });

/** A decimal text in groups of three digits. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `1 image`, `2 images` */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A number given by its binary logarithm: in digits while it is small, else as a power of two. */
export const ofLog2 = (log2: number): Markup =>
  log2 <= 30 ? html`${count(2 ** log2)}` : html`2<sup>${rounded(log2)}</sup>`;

/** The same without markup. */
export const ofLog2Text = (log2: number): string => (log2 <= 30 ? count(2 ** log2) : `2^${rounded(log2)}`);

const rounded = (log2: number): string => (log2 >= 1000 ? count(log2) : String(Math.round(log2 * 10) / 10));

export const hex = (value: number): string => `0x${value.toString(16)}`;

/** 812 ms, 3.4 s, 12 min 5 s, 3 h 20 min */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A text of at most so many characters, which says how many were left out. */
export function clip(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const kept = text.slice(0, characters).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${count(text.length - kept.length)} more characters)`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const fileName = (path: string): string => path.split('/').at(-1) || path;
