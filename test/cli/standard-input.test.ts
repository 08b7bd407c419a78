import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CampaignReport } from '../../src/explore/campaign-report.ts';
import { inEmptyDirectory, tearline } from '../support/command-line.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
/** Keeps each line of its standard input in a file, and says what is there when it starts. */
const JOURNAL = inRepository('fixtures/x86/guests/journal.elf');
const LINES = folder('lines.txt');
writeFileSync(LINES, 'one\ntwo\n');
const record = (output: string, ...options: string[]): string[] => [
  ...['record', '--pmem', 'pool:4K', ...options, '-o', output],
  ...['--', JOURNAL, 'pool'],
];

describe('the standard input of a recorded program', () => {
  it.each([['persistent'], ['none']])(
    'is one of its inputs, and the same on replay: --events %s',
    async (events) => {
      const [named, piped] = [folder(`named-${events}.ndjson`), folder(`piped-${events}.ndjson`)];

      const one = await ran(record(named, '--events', events, '--stdin', LINES));
      const two = await ran(record(piped, '--events', events, '--stdin', '-'), 'one\ntwo\n');

      expect([one.stdout, two.stdout]).toEqual(['kept one\nkept two\n', 'kept one\nkept two\n']);
      const inputs = JSON.parse(readFileSync(named, 'utf8').split('\n')[0]).inputs as { name: string }[];
      expect(inputs.map(({ name }) => name)).toEqual([JOURNAL, LINES]);
      for (const file of [named, piped]) {
        const { status, program } = await json(['replay', file]);
        expect({ status, program }).toMatchObject({ status: 0, program: { departure: null } });
      }
      const lines = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(1, -2);
      expect(lines(piped)).toEqual(lines(named));
    },
  );

  it('is nothing unless it is given', async () => {
    expect((await ran(record(folder('nothing.ndjson')), 'one\n')).stdout).toBe('');
  });

  it('that is another file by now makes the recording one of another run', async () => {
    const [file, lines] = [folder('changed.ndjson'), folder('changed.txt')];
    writeFileSync(lines, 'one\n');
    await ran(record(file, '--events', 'none', '--stdin', lines));
    writeFileSync(lines, 'two\n');

    const { status, stderr } = await ran(['replay', file]);

    expect(status).toBe(3);
    expect(stderr).toMatch(/changed\.txt is another file than the one that was recorded/);
  });

  it.each([
    [['--stdin', 'none'], 'x', /^tearline: cannot read none: no such file/],
    [
      ['--stdin', '-'],
      'x'.repeat(1024 * 1024 + 1),
      /^tearline: --stdin -: there is more than 1 MiB; keep it in a/,
    ],
  ])('%j is refused in a line', async (options, stdin, told) => {
    const { status, stderr } = await ran(record(folder('refused.ndjson'), ...options), stdin);

    expect(status).toBe(3);
    expect(stderr).toMatch(told);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

describe('the standard input of a program in a campaign', () => {
  const campaign = async (...options: string[]): Promise<CampaignReport> =>
    inEmptyDirectory(async (cwd) => {
      const argv = [
        'campaign',
        '--pmem',
        'pool:4K',
        '--jobs',
        '1',
        '--json',
        ...options,
        '--',
        JOURNAL,
        'pool',
      ];
      const { stdout, stderr } = await tearline(argv, { cwd });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as CampaignReport;
    });

  it('is what recovery reads, too, unless that is given its own', async () => {
    const keepsAgain = ['--expect-output', '^kept two$'];

    const same = await campaign('--stdin', LINES, ...keepsAgain);
    const own = await campaign('--stdin', LINES, '--recover-stdin', '/dev/null', ...keepsAgain);

    expect(same.images.distinct).toBeGreaterThan(4);
    expect(same.images.violating).toBe(0);
    expect(own.images.violating).toBe(own.images.distinct);
  });
});
