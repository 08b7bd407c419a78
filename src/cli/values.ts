import { InvalidArgumentError } from 'commander';
import { PLATFORMS, type Platform } from '../hardware/persistent-memory/configuration.ts';
import type { Mark } from '../node/fold-run.ts';

/*
 * The values of options and arguments. They come as texts and stay exact: no index, seed or address passes through a rounded
 * number.
 */

export function parseMark(text: string): Mark {
  if (text === 'end') return { events: 0, fromEnd: true };
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidArgumentError(
      'It must be a number of events: 0, 1, …, -1 for one before the end, or end.',
    );
  }
  const fromEnd = text.startsWith('-');
  return { events: Math.abs(Number(text)), fromEnd };
}

export function parseSeed(text: string): bigint {
  const seed = /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? BigInt(text) : 1n << 64n;
  if (seed < 1n << 64n) return seed;
  throw new InvalidArgumentError('It must be a number of 64 bits: decimal, or hexadecimal with 0x.');
}

export function parsePlatform(text: string): Platform {
  const platform = PLATFORMS.find((known) => known === text);
  if (platform !== undefined) return platform;
  throw new InvalidArgumentError(`It must be one of ${PLATFORMS.join(', ')}.`);
}

/** A whole number within bounds. */
export const parseCount =
  (least: number, most: number) =>
  (text: string): number => {
    const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

/** Collects `FILE=IMAGE`, an option that may be given more than once. */
export function collectBase(
  text: string,
  previous: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError('It must be FILE=IMAGE: a file of the run, and the path of its contents.');
  }
  const file = text.slice(0, at);
  if (previous.has(file)) throw new InvalidArgumentError(`${file} is given twice.`);
  return new Map([...previous, [file, text.slice(at + 1)]]);
}
