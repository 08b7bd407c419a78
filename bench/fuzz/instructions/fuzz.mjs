// Runs cases in batches, and tells the first ones that differ.

import { differences } from './compare.mjs';
import { formsOf } from './encode.mjs';
import { caseOf, withState } from './generate.mjs';

const BATCH = 500;

/** @typedef {{ answer(request: Buffer): Buffer }} One */
/** @typedef {{ tried: import('./generate.mjs').Case, differences: string[] }} Finding */

/**
 * @param {object} options
 * @param {ReadonlySet<string>} options.mnemonics
 * @param {readonly string[]} options.first mnemonics that cases begin with
 * @param {number} options.seed of the first case; each has the next one
 * @param {number} options.cases
 * @param {number} options.states for each case
 * @param {boolean} options.isExact also what the manual leaves undefined
 * @param {number} options.lengthMax instructions
 * @param {number} options.findingsMax where it stops
 * @param {readonly string[]} options.registers names of the general ones, in the order of their encoding
 * @param {(requests: readonly Buffer[]) => readonly Buffer[]} options.expected
 * @param {One} options.under test
 * @returns {{ findings: Finding[], executed: Map<string, number>, signals: number }} how many cases each mnemonic was in
 */
export function fuzz({
  mnemonics,
  first,
  seed,
  cases,
  states,
  isExact,
  lengthMax,
  findingsMax,
  registers,
  expected,
  under,
}) {
  const forms = formsOf(mnemonics);
  const beginning = first.filter((mnemonic) => forms.has(mnemonic));
  if (beginning.length === 0) throw new Error(`there is no encoding of ${first.join(', ')} to try`);
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Map<string, number>} */
  const executed = new Map();
  let signals = 0;
  const batchCases = Math.max(1, Math.floor(BATCH / states));
  for (let done = 0; done < cases && findings.length < findingsMax; done += batchCases) {
    const batch = Array.from({ length: Math.min(batchCases, cases - done) }, (_, at) => {
      const tried = caseOf(seed + done + at, forms, { mnemonics: beginning, lengthMax });
      for (const mnemonic of new Set(tried.mnemonics))
        executed.set(mnemonic, (executed.get(mnemonic) ?? 0) + 1);
      return isExact ? { ...tried, undefinedFlags: 0, undefinedEver: 0 } : tried;
    });
    const all = batch.flatMap((tried) => [tried, ...otherStates(tried, states - 1)]);
    const answers = expected(all.map(({ request }) => request));
    for (const [at, tried] of all.entries()) {
      if (answers[at].readBigUint64LE(0) !== 0n) signals++;
      const found = differences(tried, answers[at], under.answer(tried.request), registers);
      if (found.length > 0) findings.push({ tried, differences: found });
    }
  }
  return { findings, executed, signals };
}

/**
 * @param {import('./generate.mjs').Case} tried
 * @param {number} count
 */
const otherStates = (tried, count) =>
  Array.from({ length: count }, (_, at) => withState(tried, Math.imul(tried.seed, 1_000_003) + at));
