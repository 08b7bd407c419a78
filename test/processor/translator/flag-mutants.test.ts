import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlagMutant } from '../../../src/processor/translator/flag-code.ts';
import { holds } from '../../support/many.ts';
import { interpreted, plain, run, type Setup, stateOf, translated } from './compare-engines.ts';
import { flagCode } from './random-code.ts';

const FILE = 'test/processor/translator/flag-mutants.test.ts';

const register = fc.oneof(
  fc.constantFrom(0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn),
  fc.constantFrom(1n << 63n, (1n << 63n) - 1n, (1n << 64n) - 1n, 3n, 0x300n),
);
const setup: fc.Arbitrary<Setup> = fc.record({
  code: flagCode,
  registers: fc.array(register, { minLength: 16, maxLength: 16 }),
  // Near the end of memory, so that some instructions fault.
  dataOffset: fc.constantFrom(0x100, 0x3fc0, 0x3f90),
  recorded: fc.constant('persistent' as const),
});

/** The eager interpreter and translated code leave the same after every few instructions. */
const equality = (mutant?: FlagMutant) =>
  fc.property(setup, fc.integer({ min: 1, max: 40 }), (setup, until) => {
    const left = interpreted(setup);
    const right = translated(setup, { executionsMin: 1, ...(mutant !== undefined && { mutant }) });
    for (const so of [until, until + 20, 100]) {
      const expected = run(left, so);
      expect(plain(run(right, so))).toEqual(plain(expected));
      expect(stateOf(right)).toEqual(stateOf(left));
      if (expected.why !== 'reached') return;
    }
  });

describe('S10: lazy condition flags in translated code', () => {
  it('S10.I1, I5: are those of the eager interpreter', () => holds(equality(), 60, FILE));

  it.each<FlagMutant>(['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8', 'M9', 'M10'])(
    'S10.%s is caught',
    (mutant) => {
      const { failed } = fc.check(equality(mutant), { seed: 20260101, numRuns: 3000, endOnFailure: true });
      expect(failed).toBe(true);
    },
  );
});
