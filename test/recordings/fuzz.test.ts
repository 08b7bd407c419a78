import { expect, it } from 'vitest';
import { fuzzRecordings } from '../../bench/fuzz/parsers.mjs';
import { parserModules } from '../support/parser-modules.ts';

// The whole of it is `node bench/fuzz-parsers.mjs`.
it('a damaged recording is read up to the damage, or refused with a place, and never taken for whole', async () => {
  const { inputs, accepted, refused, problems } = await fuzzRecordings(parserModules, {
    count: 3000,
    seed: 20260101,
  });

  expect(problems).toEqual([]);
  expect(inputs).toBe(3000);
  expect(Math.min(accepted, refused)).toBeGreaterThan(100);
});
