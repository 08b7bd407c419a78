import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFloat } from '../../../src/processor/float/evaluate.ts';
import { runs } from '../../support/many.ts';
import { anyCase, caseOf, lineOf, OPERATIONS } from './cases.ts';

const SOURCE = new URL('native-float.c', import.meta.url).pathname;
const FIXTURE = new URL('../../../fixtures/x86/float.txt', import.meta.url).pathname;

/** A line with what `evaluateFloat` makes of it behind it: the result, and MXCSR. */
function evaluatedLine(line: string): string {
  const { operation, format, immediate, mxcsr, left, right } = caseOf(line);
  const { bits, flags } = evaluateFloat(operation, format, [left, right], mxcsr, immediate);
  return `${line} ${bits.toString(16)} ${(mxcsr | flags).toString(16)}`;
}

const described = (line: string): string => {
  const { operation, format, immediate } = OPERATIONS[Number.parseInt(line, 16)];
  return `${operation} ${format} ${immediate ?? ''}: ${line}`;
};

/** Lines with results that are not so, as [expected, got]. */
const differences = (lines: readonly string[]): [string, string][] =>
  lines
    .map((line): [string, string] => [line, evaluatedLine(line.split(' ').slice(0, 4).join(' '))])
    .filter(([expected, got]) => expected !== got)
    .map(([expected, got]) => [described(expected), described(got)]);

/** Whether this machine can run the C source. */
function canCompile(): boolean {
  try {
    return process.arch === 'x64' && execFileSync('gcc', ['--version']).length > 0;
  } catch {
    return false;
  }
}

describe('SSE arithmetic', () => {
  it('gives what a processor gave, with its flags', () => {
    const lines = readFileSync(FIXTURE, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(2000);
    expect(differences(lines)).toEqual([]);
  });

  it.runIf(canCompile())('gives what the processor of this machine gives', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tearline-float-'));
    try {
      const program = join(folder, 'native-float');
      execFileSync('gcc', ['-O1', '-o', program, SOURCE]);
      const cases = fc.sample(anyCase, { seed: 20260101, numRuns: runs(15_000) }).map(lineOf);
      const results = execFileSync(program, {
        input: cases.join('\n'),
        maxBuffer: 2 ** 30,
        encoding: 'utf8',
      });
      const lines = results
        .trim()
        .split('\n')
        .map((result, at) => `${cases[at]} ${result}`);
      expect(lines.length).toBe(cases.length);
      expect(differences(lines).slice(0, 30)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
