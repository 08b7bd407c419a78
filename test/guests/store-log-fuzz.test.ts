import { expect, it } from 'vitest';
import { fuzzStoreLogs } from '../../bench/fuzz/parsers.mjs';
import { parserModules } from '../support/parser-modules.ts';

// The whole of it is `node bench/fuzz-parsers.mjs`.
it('a damaged store log is read, or refused with a place, and what is read can be performed', () => {
  const { inputs, accepted, refused, problems } = fuzzStoreLogs(parserModules, {
    count: 3000,
    seed: 20260101,
  });

  expect(problems).toEqual([]);
  expect(inputs).toBe(3000);
  expect(Math.min(accepted, refused)).toBeGreaterThan(300);
});
