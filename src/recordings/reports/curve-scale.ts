import { ticksOf } from './timeline-scale.ts';

/** Where values stand between the ground, at 0, and the top, at 1. */
export interface CurveScale {
  place(value: number): number;
  readonly ticks: readonly number[];
  readonly isLogarithmic: boolean;
}

/** The share of the height that is left to zeros below the least value of a logarithmic scale. */
const ZERO_SHARE = 0.1;
/** A scale is logarithmic where the greatest value is so many times the least one above 0. */
const LOGARITHMIC_FROM = 20;

/** A scale for values of 0 or more: linear from 0, or logarithmic where small values could not be told apart otherwise. */
export function curveScale(values: readonly number[]): CurveScale {
  const some = values.filter((value) => value > 0);
  const [least, most] = [Math.min(...some), Math.max(...some, 0)];
  return most > LOGARITHMIC_FROM * least ? logarithmic(least, most, values.includes(0)) : linear(most);
}

function linear(most: number): CurveScale {
  const ticks = ticksOf(0, most, 4);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const top = Math.max(1, Math.ceil(most / step) * step);
  return { place: (value) => value / top, ticks: ticksOf(0, top, 4), isLogarithmic: false };
}

function logarithmic(least: number, most: number, hasZeros: boolean): CurveScale {
  const low = Math.floor(Math.log10(least));
  const high = Math.log10(most);
  const from = hasZeros ? ZERO_SHARE : 0;
  const place = (value: number): number =>
    value === 0 ? 0 : from + ((Math.log10(value) - low) / (high - low)) * (1 - from);
  const powers = Array.from({ length: Math.floor(high) - low + 1 }, (_, at) => 10 ** (low + at));
  return { place, ticks: hasZeros ? [0, ...powers] : powers, isLogarithmic: true };
}
