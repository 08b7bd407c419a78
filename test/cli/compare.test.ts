import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

describe('compare', () => {
  it('prints tables with a column for each variant', async () => {
    const { status, stdout, stderr } = await ran(['compare', 'S1', '--quiet']);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^without faults +P0 with hints +P1 with hints +P1 without$/m);
    expect(stdout).toMatch(/^exits for one flush hint +1 +1 +0$/m);
    expect(stdout).toMatch(/^physical hints written for one exit +2 +2 +–$/m);
    expect(stdout).toMatch(/^F13 ADR failure +none +\d+ +\d+ of \d+$/m);
    expect(stdout).toMatch(/^by memory controllers +1 +2 +3 +4$/m);
  });

  it('prints the largest and the mean of recoveries', async () => {
    const { stdout } = await ran(['compare', 'S2', '--quiet']);

    expect(stdout).toMatch(
      /^drain and restart after a loss of the mains \(F1\), the largest \(mean\) +100% +50% +25% +0%$/m,
    );
    expect(stdout).toMatch(/^acknowledged operations that are lost +0 \(0\) +1 \(0\.\d+\)/m);
  });

  it('takes another workload by name', async () => {
    const found = await json(['compare', 'S2', '--scenario', 'two-destinations', '--quiet']);

    expect(found).toMatchObject({ command: 'compare', status: 0, name: 'S2', scenario: 'two-destinations' });
  });

  it('prints the same on every run', async () => {
    expect(await ran(['compare', 'S1', '--json'])).toEqual(await ran(['compare', 'S1', '--json']));
  });

  it('writes one page that needs nothing else', async () => {
    const report = folder('compared');
    const { status } = await ran(['compare', 'S1', '--quiet', '--report', report]);
    const page = readFileSync(`${report}/index.html`, 'utf8');

    expect(status).toBe(0);
    expect(page).toContain('A virtual flush hint, trapped and not');
    expect(page).not.toMatch(/(href="(?!#)|src=|style=|url\()/);
  });

  it.each([
    [['S99'], 'compare: there is no mechanism S99; S1, S2, S13 can be compared'],
    [['S13.4'], 'compare: S13.4 is one variant of S13: tearline compare S13'],
    [
      ['S13', '--scenario', 'nothing'],
      'compare: S13 has no scenario nothing to compare; it has two-processors, back-to-back, immediate-output',
    ],
  ])('%j is bad input, said in one line', async (argv, message) => {
    expect(await ran(['compare', ...argv])).toEqual({
      status: 3,
      stdout: '',
      stderr: `tearline: ${message}\n`,
    });
  });

  it('looks at where the report goes before it compares', async () => {
    const { status, stderr } = await ran(['compare', 'S1', '--report', '/proc/none/compared']);

    expect(status).toBe(3);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(existsSync('/proc/none')).toBe(false);
  });
});
