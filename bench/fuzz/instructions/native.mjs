// The oracle: the processor of this machine.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ANSWER } from './layout.mjs';

const SOURCE = fileURLToPath(new URL('../../native/instruction-oracle.c', import.meta.url));

/**
 * Compiles the oracle with `gcc`, into a directory that `close` removes. Throws where there is no compiler, or another processor.
 */
export function compileOracle() {
  const folder = mkdtempSync(join(tmpdir(), 'instruction-oracle-'));
  const program = join(folder, 'instruction-oracle');
  const { status, stderr } = spawnSync('gcc', ['-O1', '-o', program, SOURCE], { encoding: 'utf8' });
  if (status !== 0) {
    rmSync(folder, { recursive: true });
    throw new Error(`gcc cannot compile ${SOURCE} here: ${stderr || 'is it installed?'}`);
  }
  return {
    /**
     * @param {readonly Buffer[]} requests
     * @returns {Buffer[]} an answer each
     */
    answer(requests) {
      const { stdout, status, signal, stderr } = spawnSync(program, {
        input: Buffer.concat(requests),
        maxBuffer: 1 << 30,
      });
      if (status !== 0 || stdout.length !== requests.length * ANSWER.bytes)
        throw new Error(
          `the oracle ended with ${signal ?? status} after ${Math.floor(stdout.length / ANSWER.bytes)} of ${requests.length} cases ${stderr}`,
        );
      return requests.map((_, at) => stdout.subarray(at * ANSWER.bytes, (at + 1) * ANSWER.bytes));
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
