import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { interpreted, translated } from '../../support/engines.ts';
import { exampleSpec, type NativeRun, nativeRuns, starterOf } from '../../support/example-programs.ts';

const INSTRUCTIONS_MAX = 10_000_000;

const engines = { interpreted, translated };

/** The wrong ones differ from these only when a crash comes. */
const PROGRAMS = ['list', 'log', 'table', 'tree'];

describe.each(['interpreted', 'translated'] as const)('the example programs, %s', (engine) => {
  it.each(PROGRAMS)('%s does what it does on the processor', (name) => {
    let pool: Uint8Array | undefined;
    for (const expected of nativeRuns[name]) {
      const told = { 1: '', 2: '' };
      const process = starterOf(
        exampleSpec(name, expected.operations, pool),
        engines[engine],
      )({
        written: (descriptor, bytes) => {
          told[descriptor] += Buffer.from(bytes).toString();
        },
      });
      process.run(INSTRUCTIONS_MAX);
      pool = process.contents('/pool')!;
      const run: NativeRun = {
        operations: expected.operations,
        status: process.end?.why === 'exited' ? process.end.status : -1,
        stdout: told[1],
        stderr: told[2],
        pool: { sizeBytes: pool.length, sha256: createHash('sha256').update(pool).digest('hex') },
      };
      expect(run).toEqual(expected);
    }
  });
});
