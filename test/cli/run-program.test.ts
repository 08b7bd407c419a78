import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inEmptyDirectory } from '../support/command-line.ts';
import { inRepository, ran } from '../support/in-process.ts';

const guest = (name: string): string => inRepository(`fixtures/x86/guests/${name}.elf`);

describe('tearline run', () => {
  it('behaves as the program: arguments, environment, input, both outputs and status', async () => {
    const run = await ran(['run', '--env', 'FRUIT=fig', '--', guest('hello'), '3', '--json'], 'one\ntwo\n');

    expect(run).toEqual({
      status: 3,
      stdout: '3 arguments, FRUIT=fig\n1: 3 1.000\n2: --json 0.000\nread: one\nread: two\n',
      stderr: '0.333333 0x1.999999999999ap-4\n',
    });
  });

  it('gives 128 and the number of the signal that ended the program, and says where', async () => {
    const run = await ran(['run', '--', guest('signals'), 'segv']);

    expect(run.status).toBe(128 + 11);
    expect(run.stderr).toMatch(
      /^tearline: .*signals\.elf: SIGSEGV: write at 0x1234, where nothing is mapped/,
    );
    expect((await ran(['run', '--', guest('signals'), 'term'])).stderr).toBe('');
  });

  it('leaves the files of the host alone unless it is told to save', async () => {
    await inEmptyDirectory(async (directory) => {
      const pool = join(directory, 'pool');
      const command = ['run', '--pmem', `${pool}:64K`, '--', guest('step'), pool];
      await ran(command);
      expect(existsSync(pool)).toBe(false);

      await ran([...command.slice(0, 1), '--save-pmem', ...command.slice(1)]);
      expect(readFileSync(pool, 'latin1')).toBe('1 run\n');
      await ran(['run', '--save-pmem', '--pmem', `${pool}:64K`, '--', guest('step'), pool]);
      expect(readFileSync(pool, 'latin1')).toBe('2 run\n');
    });
  });

  it('gives copies of files, which it may change as it likes', async () => {
    await inEmptyDirectory(async (directory) => {
      const file = join(directory, 'file');
      writeFileSync(file, '');

      const run = await ran(['run', '--file', `${file}:/copy`, '--', guest('journal'), 'copy'], 'one\n');

      expect(run).toEqual({ status: 0, stdout: 'kept one\n', stderr: '' });
      expect(readFileSync(file, 'utf8')).toBe('');
    });
  });

  it('names system calls that are not there, as recordings do', async () => {
    const hostile = inRepository('fixtures/x86/hostile/hostile.elf');
    const unknown = /system call 512/;
    await inEmptyDirectory(async (directory) => {
      const run = await ran(['run', '--', hostile, 'numbers']);
      const record = await ran(['record', '--json', '-o', join(directory, 'r'), '--', hostile, 'numbers']);

      expect(run.status).toBe(0);
      expect(run.stderr).toMatch(
        /^tearline: .*: system call 512 is not supported yet: it was told so once$/m,
      );
      expect(JSON.parse(record.stdout)).toMatchObject({
        notes: expect.arrayContaining([expect.stringMatching(unknown)]),
      });
    });
  });

  it('tells what was executed', async () => {
    const { stderr } = await ran(['run', '--stats', '--pmem', 'pool:64K', '--', guest('pool')]);

    expect(stderr).toMatch(
      /^tearline: \d+ instructions in [\d.]+ s \([\d.]+ million a second\), \d+ system calls$/m,
    );
    expect(stderr).toMatch(
      /^tearline: persistent memory: \d+ stores \(0 of them non-temporal\), \d+ flushes, \d+ fences, \d+ locked instructions$/m,
    );
  });

  it.each([
    [['run'], /^tearline: run: say what: give the path of a program, and its arguments, behind --\n$/],
    [['run', '--', './missing'], /^tearline: cannot read \.\/missing: /],
    [
      ['run', '--', inRepository('package.json')],
      /package\.json: is not an ELF file; give a statically linked/,
    ],
    [
      ['run', '--memory', '1M', '--', guest('hello')],
      /1048576 bytes of memory; give it a multiple of 64 KiB/,
    ],
    [['run', '--pmem', 'none', '--', guest('hello')], /--pmem none: there is no such file; say how large/],
    [
      ['run', '--file', guest('hello'), '--file', `${guest('hello')}:/proc/self`, '--', guest('hello')],
      /^tearline: .*\n$/,
    ],
  ])('%j is refused in a line', async (argv, message) => {
    const { status, stdout, stderr } = await ran(argv);

    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('shows its help', async () => {
    const { status, stdout } = await ran(['run', '--help']);

    expect(status).toBe(0);
    expect(stdout).toContain('--save-pmem');
  });

  it('stops a program that does not end', async () => {
    const run = await ran(['run', '--instructions-max', '2000', '--', guest('hello')]);

    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/did not end within 2000 instructions\n$/);
  });
});
