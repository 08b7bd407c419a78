import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { programSpec } from '../../../src/guests/programs/program-spec.ts';
import { starterOf } from '../../support/example-programs.ts';

const SOURCE = new URL('long-double.c', import.meta.url).pathname;
const INSTRUCTIONS_MAX = 100_000_000;

/** C libraries by the compilers that link them; those that this machine can run. */
const compilers = ['musl-gcc', 'gcc'].filter((compiler) => {
  try {
    return process.arch === 'x64' && execFileSync(compiler, ['--version']).length > 0;
  } catch {
    return false;
  }
});

describe('programs with long double', () => {
  it.each(compilers)('say what they say on the processor of this machine, compiled by %s', (compiler) => {
    const folder = mkdtempSync(join(tmpdir(), 'tearline-x87-'));
    try {
      const file = join(folder, 'long-double');
      execFileSync(compiler, ['-static', '-O2', '-o', file, SOURCE, '-lm']);
      const expected = execFileSync(file, { encoding: 'utf8' });

      let told = '';
      const spec = programSpec({ executable: readFileSync(file), path: file, argv: [file] });
      const run = starterOf(spec)({
        written: (_, bytes) => {
          told += Buffer.from(bytes).toString();
        },
      });
      run.run(INSTRUCTIONS_MAX);

      expect(run.end).toEqual({ why: 'exited', status: 0 });
      expect(told).toBe(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
