// Runs cases in batches, and tells the first ones that differ.

import { differences } from './compare.mjs';
import { formsOf } from './encode.mjs';
import { caseOf } from './generate.mjs';

const BATCH = 500;

/** @typedef {{ answer(request: Buffer): Buffer }} One */
/** @typedef {{ tried: import('./generate.mjs').Case, differences: string[] }} Finding */

/**
 * @param {object} options
 * @param {ReadonlySet<string>} options.mnemonics
 * @param {readonly string[]} options.first mnemonics that cases begin with
 * @param {number} options.seed of the first case; each has the next one
 * @param {number} options.cases
 * @param {number} options.lengthMax instructions
 * @param {number} options.findingsMax where it stops
 * @param {(requests: readonly Buffer[]) => readonly Buffer[]} options.expected
 * @param {One} options.under test
 * @returns {{ findings: Finding[], executed: Map<string, number>, signals: number }} how many cases each mnemonic was in
 */
export function fuzz({ mnemonics, first, seed, cases, lengthMax, findingsMax, expected, under }) {
  const forms = formsOf(mnemonics);
  const beginning = first.filter((mnemonic) => forms.has(mnemonic));
  if (beginning.length === 0) throw new Error(`there is no encoding of ${first.join(', ')} to try`);
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Map<string, number>} */
  const executed = new Map();
  let signals = 0;
  for (let done = 0; done < cases && findings.length < findingsMax; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, cases - done) }, (_, at) =>
      caseOf(seed + done + at, forms, { mnemonics: beginning, lengthMax }),
    );
    const answers = expected(batch.map(({ request }) => request));
    for (const [at, tried] of batch.entries()) {
      for (const mnemonic of new Set(tried.mnemonics))
        executed.set(mnemonic, (executed.get(mnemonic) ?? 0) + 1);
      if (answers[at].readBigUint64LE(0) !== 0n) signals++;
      const found = differences(tried, answers[at], under.answer(tried.request));
      if (found.length > 0) findings.push({ tried, differences: found });
    }
  }
  return { findings, executed, signals };
}
