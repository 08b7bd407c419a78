import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tearline } from '../support/command-line.ts';
import { temporaryFolder } from '../support/recordings.ts';

const path = temporaryFolder();

interface Told {
  readonly status: number;
  readonly mechanisms: readonly Record<string, unknown>[];
}

/** What a campaign prints with --json, without the times that it took. */
async function campaign(...args: string[]): Promise<{ status: number | null; told: Told }> {
  const { status, stdout } = await tearline(['campaign', ...args, '--json', '--quiet']);
  const told = JSON.parse(stdout, (key, value) => (key === 'elapsedMs' ? 0 : value)) as Told;
  return { status, told };
}

describe('tearline campaign over mechanisms', () => {
  it('finds the same with one job and with two, and writes the same witnesses', async () => {
    const args = ['S13.3', '--mutants', '--faults-max', '1', '--witnesses'];
    const one = await campaign(...args, path('w'), '--jobs', '1');
    const first = contentsOf(path('w'));
    const two = await campaign(...args, path('w'), '--jobs', '2');

    expect(one.status).toBe(0);
    expect(two).toEqual(one);
    expect(contentsOf(path('w'))).toEqual(first);
    expect(Object.keys(first)).toHaveLength(12);
  });

  it('ends with status 1 when the mutant is found, and writes a witness that replays', async () => {
    const { status, told } = await campaign('S13.4', '--mutant', 'b', '--witnesses', path('b'));
    const [{ violations, mutants }] = told.mechanisms;
    const replayed = await tearline(['replay', join(path('b'), 'S13.4-b.ndjson')]);

    expect(status).toBe(1);
    expect(violations).toBeGreaterThan(0);
    expect(mutants).toMatchObject({ caught: 1, total: 1, missed: [] });
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).toContain('as it was recorded');
  });

  it('takes a group by its name, and one scenario of it', async () => {
    const { status, told } = await campaign('S13', '--scenario', 'immediate-output', '--faults-max', '1');

    expect(status).toBe(0);
    expect(told.mechanisms.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `S13.${n}`));
    expect(told.mechanisms.every(({ violations }) => violations === 0)).toBe(true);
  });

  it('prints a table, and what was found in words', async () => {
    const { status, stdout } = await tearline(['campaign', 'S13.4', '--mutant', 'b', '--no-witnesses']);

    expect(status).toBe(1);
    expect(stdout).toMatch(/^mechanism +events +injections +states +violations +mutants +seconds$/m);
    expect(stdout).toMatch(/^S13\.4 .* 1\/1 /m);
    expect(stdout).toContain('S13.4 with mutant b, scenario two-processors: I1 does not hold');
  });

  it.each([
    [['S99'], /there is no mechanism S99; there are S1, /],
    [['S13.4', '--mutant', 'zz'], /S13\.4 has no mutant zz; it has X1, /],
    [['S13.4', '--scenario', 'none'], /S13\.4 has no scenario none; it has two-processors, /],
    [['S13.4', '--platform', 'P1'], /--platform is for a run; leave it out/],
    [['fixtures/pmem/list8.storelog', '--mutants'], /--mutants is for mechanisms; leave it out/],
    [['--all', '--mutant', 'b'], /--mutant needs the mechanism that has it/],
    [['--all', 'S1'], /--all is every mechanism; leave S1 out/],
    [['S1', '--mutant', 'M1', '--mutants'], /give --mutant NAME .* or --mutants for all, not both/],
    [['./none.mjs'], /cannot read .\/none.mjs: there is no such file/],
    [
      ['test/support/in-process.ts'],
      /cannot load test\/support\/in-process\.ts|default export must be a mechanism/,
    ],
    [[], /say of what: a store log, a recording, a mechanism such as S13\.4, --all, or a program behind --/],
  ])('refuses %j in one line', async (args, message) => {
    const { status, stdout, stderr } = await tearline(['campaign', ...args]);

    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

const contentsOf = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );
