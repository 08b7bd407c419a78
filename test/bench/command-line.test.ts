import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { inRepository } from '../support/in-process.ts';

const run = promisify(execFile);
const FOLDER = inRepository('bench');
/** Modules of the others. */
const NO_COMMANDS = ['command-line.mjs', 'fixture.mjs', 'store-log-generator.mjs'];
const commands = readdirSync(FOLDER).filter((file) => file.endsWith('.mjs') && !NO_COMMANDS.includes(file));

describe('commands that measure and fuzz', () => {
  it.each(commands)('%s tells what it does', async (file) => {
    const { stdout, stderr } = await run(process.execPath, [`${FOLDER}/${file}`, '--help']);

    expect(stdout).toMatch(/^[A-Z`n][^\n]{20,}/);
    expect(stderr).toBe('');
  });

  it.each([
    [['fuzz-instructions.mjs', '--nonsense'], /^Unknown option '--nonsense'; --help tells what there is\n$/],
    [['kill-recorder.mjs', '--nonsense'], /^Unknown option '--nonsense'; --help tells what there is\n$/],
    [['fuzz-executables.mjs', '--count', 'x'], /^--count is x: it must be a whole number; --help tells/],
  ])('%j is a mistake that is told in a line', async ([file, ...args], told) => {
    await expect(run(process.execPath, [`${FOLDER}/${file}`, ...args])).rejects.toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(told),
    });
  });
});
