import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandsOf, word } from '../../../src/recordings/reports/commands.ts';
import { sampleGroup, sampleReport } from './sample-report.ts';

describe('commands to copy', () => {
  it.each([
    ['replays/list-1.ndjson', 'replays/list-1.ndjson'],
    ['my file', "'my file'"],
    ["it's", "'it'\\''s'"],
    ['$(reboot)', "'$(reboot)'"],
    ['-rf', './-rf'],
    ['', "''"],
    ['~/x', "'~/x'"],
  ])('spell %j as one word of a shell', (text, expected) => {
    expect(word(text)).toBe(expected);
  });

  it('mean the same name to bash, also where characters are hidden', () => {
    const names = [
      "a'b",
      'a\\b$(x)`y`"z"',
      'line\nbreak\tand tab',
      'bell\u0007',
      'right\u202eleft',
      "\\'\u0007\\n",
      '#!*?',
    ];
    const said = execFileSync('bash', ['-c', `printf '%s\\0' ${names.map(word).join(' ')}`], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });

    expect(said.split('\0').slice(0, -1)).toEqual(names);
  });

  it('name the witness, or the run where there is none', () => {
    const group = sampleGroup();
    const report = sampleReport(undefined, { checker: 'check.mjs', checkerKind: 'module' });
    const alone = { ...group, witness: { ...group.witness, recording: null } };

    expect(commandsOf(group, report).map(({ text }) => text)).toEqual([
      'tearline replay witness.ndjson',
      'tearline replay witness.ndjson --check check.mjs',
      'tearline show witness.ndjson --at 8',
    ]);
    expect(commandsOf(alone, report).map(({ text }) => text)).toEqual([
      'tearline show list.storelog --at 6 --platform P1',
    ]);
  });

  it('of a program name only its witness, which has its recovery in it', () => {
    const group = sampleGroup();
    const report = sampleReport(undefined, {
      checker: 'recovery by ./p, check.mjs',
      checkerKind: 'recovery',
    });
    const alone = { ...group, witness: { ...group.witness, recording: null } };
    expect(commandsOf(group, report).map(({ text }) => text)).toEqual([
      'tearline replay witness.ndjson',
      'tearline show witness.ndjson --at 8',
    ]);
    expect(commandsOf(alone, report)).toEqual([]);
  });
});
