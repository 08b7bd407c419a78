import { describe, expect, it } from 'vitest';
import { originals, tryExecutable } from '../../../bench/fuzz/executables/executables.mjs';
import { executableModules } from '../../support/executable-modules.ts';
import { runs } from '../../support/many.ts';

// The whole of it is `node bench/fuzz-executables.mjs`.
describe('damaged executables', () => {
  it('are refused in one line, or are run as guests', () => {
    const from = originals();
    const problems: string[] = [];
    const results = new Map<string, number>();
    for (let index = 0; index < runs(100); index++) {
      const { result, problem } = tryExecutable(executableModules, from, {
        seed: 20260101,
        index,
        instructions: 2000,
      });
      results.set(result, (results.get(result) ?? 0) + 1);
      if (problem !== undefined) problems.push(`executable ${index}: ${problem}`);
    }

    expect(problems).toEqual([]);
    expect(Math.min(...['refused', 'killed'].map((result) => results.get(result) ?? 0))).toBeGreaterThan(10);
  });
});
