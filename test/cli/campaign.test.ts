import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { campaignText } from '../../src/cli/campaign-text.ts';
import { run } from '../../src/cli/run.ts';
import { persistentMemory, replayRecording } from '../../src/recordings/recordings.ts';
import {
  CHECK,
  checker,
  inEmptyDirectory,
  lasting,
  reportOf,
  start,
  storeLog,
  tearline,
} from '../support/command-line.ts';

/** The counts that three independent enumerators agree on; `violating` on P1, on P2 none. */
const table = [
  { log: 'list4', crashPoints: 64, combinations: '222', distinct: 35, violating: 0, distinctOnP2: 35 },
  { log: 'list8', crashPoints: 124, combinations: '438', distinct: 71, violating: 0, distinctOnP2: 71 },
  { log: 'listbug8', crashPoints: 108, combinations: '590', distinct: 124, violating: 53, distinctOnP2: 71 },
  { log: 'log20', crashPoints: 284, combinations: '1406', distinct: 200, violating: 0, distinctOnP2: 200 },
  {
    log: 'list2500',
    crashPoints: 37_504,
    combinations: '135006',
    distinct: 22_499,
    violating: 0,
    distinctOnP2: 22_499,
  },
  {
    log: 'log3000',
    crashPoints: 42_004,
    combinations: '210006',
    distinct: 30_000,
    violating: 0,
    distinctOnP2: 30_000,
  },
];

/** What takes the checker of the logs longest, a checker of constant time judges: the counts are the same. */
function checkerOf(log: string, platform: string): string {
  if (log === 'log3000') return checker('last-record');
  return log === 'list2500' && platform === 'P2' ? checker('first-node') : CHECK;
}

const campaignOf = (log: string, platform = 'P1'): string[] => [
  'campaign',
  storeLog(log),
  '--check',
  checkerOf(log, platform),
  '--platform',
  platform,
  '--no-witnesses',
];

const environmentOf = (log: string): { environment: Record<string, string> } => ({
  environment: { MODE: log.startsWith('log') ? 'log' : 'list' },
});

describe('campaign --json counts what the persistency model counts', () => {
  it.each(table)('of $log on P1', async ({ log, crashPoints, combinations, distinct, violating }) => {
    const { report, status } = await reportOf(campaignOf(log), environmentOf(log));

    expect(report).toMatchObject({
      schemaVersion: 1,
      command: 'campaign',
      fault: 'power-loss',
      platform: 'P1',
      crashPoints,
    });
    expect(report.images).toMatchObject({
      combinations,
      distinct,
      checked: distinct,
      violating,
      undecided: 0,
      complete: true,
    });
    expect(report.images.combinationsLog2).toBeCloseTo(Math.log2(Number(combinations)), 6);
    expect(status).toBe(violating > 0 ? 1 : 0);
  });

  it.each(table)(
    'of $log on P2, where each point has one image',
    async ({ log, crashPoints, distinctOnP2 }) => {
      const { report, status } = await reportOf(campaignOf(log, 'P2'), environmentOf(log));

      expect(report).toMatchObject({ platform: 'P2', crashPoints, outcome: 'clean', groups: [] });
      expect(report.images).toMatchObject({
        combinations: String(crashPoints),
        distinct: distinctOnP2,
        checked: distinctOnP2,
      });
      expect(status).toBe(0);
    },
  );

  it('whatever the number of jobs', async () => {
    const one = await reportOf([...campaignOf('listbug8'), '--jobs', '1']);
    const two = await reportOf([...campaignOf('listbug8'), '--jobs', '2']);

    expect(lasting(two.report)).toEqual(lasting(one.report));
  });

  it('also without a checker, when there is nothing to judge', async () => {
    const { report, status } = await reportOf(['campaign', storeLog('listbug8')]);

    expect(report.images).toMatchObject({ distinct: 124, checked: 0, complete: true });
    expect(report).toMatchObject({ outcome: 'explored', checker: null });
    expect(status).toBe(0);
  });
});

describe('campaign', () => {
  it('writes a witness that replays to the same verdict and image', () =>
    inEmptyDirectory(async (cwd) => {
      const { report } = await reportOf(
        ['campaign', storeLog('listbug8'), '--check', CHECK, '--report', 'out'],
        { cwd },
      );

      expect(report.groups).toHaveLength(1);
      const { witness, explanation, defect, images } = report.groups[0];
      expect({ defect, images }).toEqual({ defect: 'missing fence', images: 53 });
      expect(explanation).toMatch(/program\.c:86.*no fence stands between/);
      expect(readdirSync(join(cwd, 'out')).sort()).toEqual([
        'index.html',
        'junit.xml',
        'results.ndjson',
        'witnesses',
      ]);
      const replayed = await replayRecording(join(cwd, witness.recording ?? ''), persistentMemory);
      expect(replayed).toMatchObject({ index: witness.events, verified: witness.events });
      expect(replayed.state.domain.digest.hex()).toBe(witness.imageDigest);
      expect(replayed.verdict).toMatchObject({
        kind: 'violating',
        reason: witness.reason,
        cause: report.groups[0].cause,
        explanation,
        imageDigest: witness.imageDigest,
        platform: 'P1',
        promise: null,
      });
    }));

  it('leaves no directory behind when nothing is wrong', () =>
    inEmptyDirectory(async (cwd) => {
      const { status } = await tearline(['campaign', storeLog('list4'), '--check', CHECK], { cwd });

      expect(status).toBe(0);
      expect(readdirSync(cwd)).toEqual([]);
    }));

  it('takes a recording of a run as it takes its store log', () =>
    inEmptyDirectory(async (cwd) => {
      await tearline(['import', storeLog('listbug8'), '-o', 'run.ndjson.gz'], { cwd });
      const ofRecording = await reportOf(['campaign', 'run.ndjson.gz', '--check', CHECK, '--no-witnesses'], {
        cwd,
      });
      const ofLog = await reportOf(campaignOf('listbug8'));

      expect({ ...lasting(ofRecording.report), log: '' }).toEqual({ ...lasting(ofLog.report), log: '' });
    }));

  it('gives an honest account of what it did not visit', () =>
    inEmptyDirectory(async (cwd) => {
      const stores = Array.from(
        { length: 40 },
        (_, i) => `STORE;0x${(0x10000 + 64 * i).toString(16)};0x1;0x8`,
      );
      const log = ['==1== START', 'REGISTER_FILE;pool;0x10000;0x10000;0x0', ...stores, 'STOP'].join('|');
      writeFileSync(join(cwd, 'late.storelog'), `${log}\n`);

      const { report, status } = await reportOf(
        [
          'campaign',
          'late.storelog',
          '--limit-images-per-point',
          '1024',
          '--limit-images-per-incomplete-point',
          '100',
        ],
        { cwd },
      );

      expect(status).toBe(2);
      expect(report.outcome).toBe('incomplete');
      expect(report.images.complete).toBe(false);
      // After the k-th store there are 2^k images: all are visited up to 2^10, and 100 at each of the 30 points after that.
      expect(report.incomplete).toMatchObject({ points: 30, largestLog2: 40 });
      expect(report.incomplete?.explored).toBeLessThanOrEqual(3000); // a sample may come twice
      expect(report.incomplete?.explored).toBeGreaterThan(2500);
      expect(report.incomplete?.imagesLog2).toBeCloseTo(Math.log2(2 ** 41 - 2 ** 11), 9);
      expect(report.images.combinations).toBe(String(2 ** 41 - 1));
      expect(campaignText(report).join('\n')).toMatch(
        /incomplete: explored .* of 2\^41\.0 images at 30 of 41 points .*; strategy: none, all/,
      );
    }));

  it('keeps all 64 bits of a seed', async () => {
    const { report } = await reportOf(['campaign', storeLog('list4'), '--seed', '0xfedcba9876543211']);

    expect(report.seed).toBe('0xfedcba9876543211');
  });

  it('tells people what the report says', async () => {
    const { stdout } = await tearline(campaignOf('listbug8'));

    expect(stdout).toMatch(/crash points\s+108\n\s+combinations\s+590\n\s+distinct images\s+124\n/);
    expect(stdout).toMatch(/1\. missing fence: 53 images\n/);
    expect(stdout).toMatch(/\nviolating: 53 images, 1 cause \(/);
  });

  it('ends quietly when nobody reads its output', async () => {
    const { child, ended } = start(['campaign', storeLog('list4'), '--json']);
    child.stdout?.destroy();

    expect((await ended).stderr).toBe('');
  });

  const inWorkers: [what: string, args: string[], words: RegExp][] = [
    ['a log that is none', [CHECK, '--check', CHECK], /no START record/],
    [
      'a checker that is no function',
      [storeLog('list4'), '--check', checker('no-function')],
      /default export is no function/,
    ],
    [
      'a checker that throws when it is loaded',
      [storeLog('list4'), '--check', checker('throws')],
      /cannot be imported: on purpose/,
    ],
    [
      'a checker that exits when it is loaded',
      [storeLog('list4'), '--check', checker('exits')],
      /cannot be imported/,
    ],
  ];

  it.each(inWorkers)('refuses %s in one line, with status 3', (_, args, words) =>
    inEmptyDirectory(async (cwd) => {
      const { status, stdout, stderr } = await tearline(['campaign', ...args, '--results', 'results'], {
        cwd,
      });

      expect(stderr).toMatch(words);
      expect(stderr).toMatch(/^tearline: [^\n]+\n$/);
      expect(stdout).toBe('');
      expect(status).toBe(3);
      if (args[0] !== CHECK) expect(existsSync(join(cwd, 'results'))).toBe(false);
    }),
  );

  const mistakes: [what: string, args: string[], words: RegExp][] = [
    ['a log that is not there', ['nowhere.storelog'], /cannot read nowhere\.storelog/],
    ['standard input', ['-'], /must be a file/],
    [
      'a checker that is not there',
      [storeLog('list4'), '--check', 'nowhere.mjs'],
      /cannot read nowhere\.mjs/,
    ],
    ['two checkers', [storeLog('list4'), '--check', CHECK, '--check-command', 'true {}'], /one of --check/],
    [
      'a command that is not there',
      [storeLog('list4'), '--check-command', 'no-such-program {}'],
      /no such program on the PATH/,
    ],
    [
      'a command without a place for the image',
      [storeLog('list4'), '--check-command', 'true'],
      /no \{\} says/,
    ],
    ['a shard beyond the last', [storeLog('list4'), '--shard', '3/2'], /i from 1 to n/],
    ['a seed of 65 bits', [storeLog('list4'), '--seed', '0x10000000000000000'], /64 bits/],
    ['no jobs', [storeLog('list4'), '--jobs', '0'], /from 1 to 256/],
    ['base contents without a file', [storeLog('list4'), '--base', 'image'], /FILE=IMAGE/],
  ];

  it.each(mistakes)('refuses %s in one line, with status 3, before anything runs', async (_, args, words) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];

    const status = await run(['campaign', ...args], { stdin: process.stdin, stdout, stderr });

    const told = String(stderr.read());
    expect(told).toMatch(words);
    expect(told).toMatch(/^tearline: [^\n]+\n$/);
    expect(stdout.read()).toBe(null);
    expect(status).toBe(3);
  });

  it('takes what was in the files before the run from --base', () =>
    inEmptyDirectory(async (cwd) => {
      const name = /REGISTER_FILE;([^;]+);/.exec(readFileSync(storeLog('list4'), 'latin1'))?.[1] ?? '';
      writeFileSync(join(cwd, 'before.img'), Buffer.alloc(8192, 0).fill(7, 4000, 4096));
      const args = ['campaign', storeLog('list4'), '--check', checker('base'), '--no-witnesses'];

      const { report } = await reportOf([...args, '--base', `${name}=before.img`], { cwd });
      const without = await reportOf(args, { cwd });

      expect(report.images).toMatchObject({ distinct: 35, violating: 0 });
      expect(without.report.images.violating).toBe(35);
    }));
});
