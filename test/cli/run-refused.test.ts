import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRepository, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const refused = (name: string): string => inRepository(`fixtures/x86/refused/${name}.elf`);
const SOURCES = inRepository('fixtures/x86/refused/source');

const isInstalled = (compiler: string): boolean => {
  try {
    return process.arch === 'x64' && execFileSync(compiler, ['--version']).length > 0;
  } catch {
    return false;
  }
};
const compilers = ['gcc', 'g++'].filter(isInstalled);

const BEYOND_BASELINE =
  /^tearline: .*: SIGILL: illegal instruction v\w+ \(beyond the baseline of x86-64: compile without -march; bytes [0-9a-f ]+\) at 0x[0-9a-f]+.*\n$/;
const WAYS = ['thread', 'fork', 'vfork', 'spawn', 'system', 'popen', 'exec'];

const expectOthersRefused = async (executable: string, how: string): Promise<void> => {
  const { status, stdout, stderr } = await ran(['run', '--', executable, how]);

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^tearline: .*: cannot go on: programs .* are not supported yet\n$/);
};

describe('what a guest cannot do is said in a line', () => {
  it.each(WAYS)('another thread or process: %s', (how) => expectOthersRefused(refused('others'), how));

  it('a processor beyond the baseline: the instruction, its place, and how to mend it', async () => {
    const { status, stdout, stderr } = await ran(['run', '--', refused('vectors')]);

    expect({ status, stdout }).toEqual({ status: 128 + 4, stdout: '' });
    expect(stderr).toMatch(BEYOND_BASELINE);
  });

  it('a recording of such a program is not made', async () => {
    const { status, stderr } = await ran([
      ...['record', '-o', folder('refused.ndjson'), '--', refused('others'), 'thread'],
    ]);

    expect(status).toBe(3);
    expect(stderr).toMatch(
      /cannot go on: programs with several threads or processes are not supported yet\n$/,
    );
  });
});

describe.runIf(compilers.includes('gcc'))('the same of programs with glibc', () => {
  const build = (compiler: string, name: string, source: string, ...flags: string[]): string => {
    const executable = folder(name);
    execFileSync(compiler, ['-static', ...flags, '-w', '-o', executable, source]);
    return executable;
  };

  it('another thread or process', async () => {
    const executable = build('gcc', 'others', `${SOURCES}/others.c`);

    for (const how of WAYS) await expectOthersRefused(executable, how);
  });

  it('a processor beyond the baseline', async () => {
    const executable = build('gcc', 'vectors', `${SOURCES}/vectors.c`, '-O3', '-march=x86-64-v3');

    expect((await ran(['run', '--', executable])).stderr).toMatch(BEYOND_BASELINE);
  });

  it.runIf(compilers.includes('g++'))('std::thread', async () => {
    const source = folder('thread.cpp');
    writeFileSync(source, '#include <thread>\nint main() { std::thread([] {}).join(); }\n');

    await expectOthersRefused(build('g++', 'thread', source), '');
  });
});

describe('what is no program for a guest is refused in a line that says how to mend it', () => {
  const changed = (name: string, at: number, byte: number): string => {
    const bytes = Buffer.alloc(200);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    bytes.writeUint16LE(2, 16);
    bytes.writeUint16LE(62, 18);
    bytes[at] = byte;
    writeFileSync(folder(name), bytes);
    return folder(name);
  };
  const file = (name: string, text: string): string => {
    writeFileSync(folder(name), text);
    return folder(name);
  };

  it.each([
    ['a missing file', folder('missing'), /cannot read .*missing: no such file/],
    ['a folder', inRepository('fixtures'), /cannot read .*fixtures: it is a folder/],
    [
      'an empty file',
      file('empty', ''),
      /empty: is not an ELF file; give a statically linked x86-64 Linux executable/,
    ],
    [
      'a script',
      file('script', '#!/bin/sh\n'),
      /script: is a script, .*; give the program that runs it, statically linked/,
    ],
    ['a 32-bit program', changed('i386', 4, 1), /i386: at byte 4: a 32-bit program; compile it for x86-64/],
    ['one for ARM', changed('arm', 18, 183), /arm: at byte 18: a program for AArch64; compile it for x86-64/],
    ['an object file', changed('object', 16, 1), /object: at byte 16: an object file; link it: gcc -static/],
    [
      'a dynamically linked program',
      process.execPath,
      /a dynamically linked program; link it statically: gcc -static, or musl-gcc -static/,
    ],
  ])('%s', async (_, path, told) => {
    for (const command of ['run', 'record']) {
      const output = command === 'record' ? ['-o', folder('none.ndjson')] : [];
      const { status, stdout, stderr } = await ran([command, ...output, '--', path]);

      expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
      expect(stderr).toMatch(told);
      expect(stderr.split('\n')).toHaveLength(2);
    }
  });
});
