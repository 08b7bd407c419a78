import type { Figure } from '../../mechanisms/comparison.ts';
import type { Totals } from './cost-fold.ts';

/** Figures by name; null where there is nothing to divide by. */
export type Figures = Readonly<Record<string, number | null>>;

/** Throws `RangeError` for a figure of a cost that the mechanism does not have. */
export const figuresOf = (figures: readonly Figure[], totals: Totals): Figures =>
  Object.fromEntries(figures.map((figure) => [figure.name, figureOf(figure, totals)]));

function figureOf({ cost, per }: Figure, totals: Totals): number | null {
  const value = read(totals, cost);
  if (per === undefined) return value;
  const units = read(totals, per);
  return units === 0 ? null : value / units;
}

function read(totals: Totals, cost: string): number {
  const value = totals.get(cost);
  if (value === undefined) throw new RangeError(`no cost has the name ${cost}`);
  return value;
}
