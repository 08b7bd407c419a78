// The last line of .ci/run: how many tests passed and failed, out of the file that vitest's JSON reporter wrote.

import { readFileSync } from 'node:fs';

/** @typedef {{ status: string, assertionResults: { status: string }[] }} TestFile */

let passed = 0;
let failed = 0;
try {
  /** @type {{ testResults: TestFile[] }} */
  const { testResults } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
  for (const { status, assertionResults } of testResults) {
    const failedHere = assertionResults.filter((test) => test.status === 'failed').length;
    passed += assertionResults.filter((test) => test.status === 'passed').length;
    // A file that could not be loaded has no tests and has failed all the same.
    failed += status === 'failed' ? Math.max(1, failedHere) : failedHere;
  }
} catch {
  // The tests did not come as far as writing their results.
  failed = 1;
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
