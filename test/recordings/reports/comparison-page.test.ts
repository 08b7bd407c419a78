import { describe, expect, it } from 'vitest';
import { type ComparisonResult, compare } from '../../../src/explore/compare/compare.ts';
import { allComparisons } from '../../../src/mechanisms/all-comparisons.ts';
import { comparisonPage } from '../../../src/recordings/reports/comparison-page.ts';
import { curveScale } from '../../../src/recordings/reports/curve-scale.ts';
import { decimal } from '../../../src/recordings/reports/format.ts';
import { elementsOf, isVoidElement, skeletonOf } from './markup.ts';

const results: readonly ComparisonResult[] = allComparisons.map((comparison) =>
  compare(comparison, comparison.workloads[comparison.workloads.length - 1]),
);

describe('the page of a comparison', () => {
  it.each(results.map((result) => [result.comparison.name, result] as const))(
    'of %s has every figure of every variant, every line, and every fault',
    (_, result) => {
      const page = comparisonPage(result);
      const names = elementsOf(skeletonOf(page), isVoidElement).map(({ name }) => name);
      const { comparison, variants, swept } = result;
      const points = swept.flatMap(({ lines }) =>
        lines.flatMap(({ values }) => values.filter((one) => one !== null)),
      );

      expect(names.filter((name) => name === 'h1')).toHaveLength(1);
      expect(page.match(/class="bar-rows"/g)).toHaveLength(
        comparison.figures.length + comparison.trial.figures.length,
      );
      expect(page.match(/class="curve"/g) ?? []).toHaveLength(swept.length);
      expect(page.match(/class="point" x=/g) ?? []).toHaveLength(points.length);
      for (const { label, figures } of variants) {
        expect(page).toContain(label);
        for (const value of Object.values(figures)) expect(page).toContain(`<span>${decimal(value)}</span>`);
      }
      for (const { fault } of variants[0].survival) expect(page).toContain(`${fault} `);
      expect(page).not.toMatch(/NaN|Infinity|undefined/);
      expect(page).not.toMatch(/(href="(?!#)|src=|style=|url\()/);
    },
  );
});

describe('the scale of curves', () => {
  it('is linear from 0 where values are alike', () => {
    const { place, ticks, isLogarithmic } = curveScale([18, 22, 30, 0]);

    expect(isLogarithmic).toBe(false);
    expect([0, 15, 30].map(place)).toEqual([0, 0.5, 1]);
    expect(ticks).toEqual([0, 10, 20, 30]);
  });

  it('is logarithmic where the least would be lost beside the greatest', () => {
    const { place, ticks, isLogarithmic } = curveScale([10, 1_000]);

    expect(isLogarithmic).toBe(true);
    expect([10, 100, 1_000].map(place)).toEqual([0, 0.5, 1]);
    expect(ticks).toEqual([10, 100, 1_000]);
  });

  it('keeps a place below all others for zeros', () => {
    const { place, ticks } = curveScale([0, 10, 1_000]);

    expect(place(0)).toBe(0);
    expect(place(10)).toBeGreaterThan(0);
    expect(place(1_000)).toBe(1);
    expect(ticks[0]).toBe(0);
  });

  it.each([[[]], [[0]], [[0, 0]]])('has one for nothing but zeros: %j', (values) => {
    const { place, isLogarithmic } = curveScale(values);

    expect(isLogarithmic).toBe(false);
    expect(place(0)).toBe(0);
  });
});

describe('numbers of figures', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [1.875, '1.88'],
    [46.98, '47'],
    [121.5, '121.5'],
    [1_149, '1,149'],
  ])('%j reads as %s', (value, text) => {
    expect(decimal(value)).toBe(text);
  });
});
