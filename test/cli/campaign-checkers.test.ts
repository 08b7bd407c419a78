import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CampaignReport } from '../../src/explore/campaign-report.ts';
import { CHECK, checker, lasting, reportOf, storeLog } from '../support/command-line.ts';

const LOG = storeLog('listbug8');
const node = (name: string, ...args: string[]): string =>
  [process.execPath, checker(name), ...args].map((word) => `'${word}'`).join(' ');

const judgedBy = (...options: string[]) =>
  reportOf(['campaign', LOG, '--no-witnesses', '--quiet', ...options]);

const imageDirectories = (): string[] => {
  try {
    return readdirSync('/dev/shm').filter((name) => name.startsWith('tearline-'));
  } catch {
    return [];
  }
};

describe('a checker module', () => {
  it('gets a verdict kind of its own for each way to misbehave, and the campaign goes on', async () => {
    const { report, status } = await judgedBy(
      '--check',
      checker('misbehaving'),
      '--checker-timeout-ms',
      '150',
    );

    const undecided = new Map(report.undecided.map(({ kind, images, reason }) => [kind, { images, reason }]));
    expect(undecided.get('hang')).toMatchObject({ reason: 'the checker took longer than 150 ms' });
    expect(undecided.get('crash')?.reason).toMatch(/process\.exit\(7\)/);
    expect(undecided.get('nonsense')?.reason).toMatch(/a value of type number/);
    expect(report.images).toMatchObject({ distinct: 124, checked: 124, violating: 0, complete: false });
    // Each of the first lists is there in 16 images, by which atoms of the next node are durable.
    expect(report.images.undecided).toBe(80);
    expect(undecided.get('hang')?.images).toBe(16);
    expect(report.outcome).toBe('undecided');
    expect(status).toBe(2);
  });

  it('may run out of memory', async () => {
    const { report } = await reportOf(
      [
        'campaign',
        storeLog('list4'),
        '--check',
        checker('hungry'),
        '--checker-timeout-ms',
        '60000',
        '--jobs',
        '1',
      ],
      { environment: { NODE_OPTIONS: '--max-old-space-size=40' } },
    );

    expect(report.undecided).toMatchObject([
      { kind: 'crash', images: 2, reason: expect.stringMatching(/out of memory/) },
    ]);
    expect(report.images).toMatchObject({ checked: 35, consistent: 33, undecided: 2 });
  });

  it('may write to the image: it is undone', async () => {
    const pure = await judgedBy('--check', CHECK);
    const writing = await judgedBy('--check', checker('writing'));

    expect(writing.report.images).toEqual(pure.report.images);
    expect(writing.report.groups).toEqual(pure.report.groups);
  });

  it('that keeps a promise finds completed operations that are lost', async () => {
    const right = await reportOf(['campaign', storeLog('list8'), '--check', checker('promise')]);
    const early = await reportOf(
      ['campaign', storeLog('list8'), '--check', checker('promise'), '--no-witnesses'],
      { environment: { PROMISE_AT: 'PUSH.BEGIN' } },
    );

    expect(right.report).toMatchObject({ outcome: 'clean' });
    expect(right.report.images.distinct).toBeGreaterThan(71); // pairs of image and promise
    expect(early.report.outcome).toBe('violating');
    expect(early.report.groups[0].witness).toMatchObject({
      promise: 1,
      reason: '1 pushes were done, and 0 nodes are left',
    });
  });
});

describe('a checker that is a process', () => {
  const withoutChecker = (report: CampaignReport) => ({
    ...lasting(report),
    checker: null,
    checkerKind: null,
  });

  it('finds as a command what it finds as a module, whatever it writes', async () => {
    const before = imageDirectories(); // of others, or left by one that was killed
    const shard = ['--shard', '1/8'];
    const asModule = await judgedBy('--check', CHECK, ...shard);
    const asCommand = await judgedBy('--check-command', node('command', '{}', '--write'), ...shard);

    expect(asCommand.report.images).toEqual(asModule.report.images);
    expect(withoutChecker(asCommand.report)).toEqual(withoutChecker(asModule.report));
    expect(asCommand.status).toBe(1);
    expect(imageDirectories().filter((name) => !before.includes(name))).toEqual([]);
  });

  it('finds as a server what it finds as a module', async () => {
    const asModule = await judgedBy('--check', CHECK);
    const asServer = await judgedBy('--check-server', node('server'));

    expect(withoutChecker(asServer.report)).toEqual(withoutChecker(asModule.report));
  });

  it.each([
    ['hang', 'hang', 'the checker took longer than 400 ms'],
    ['die', 'crash', 'the checker ended with exit status 3'],
    [
      'nonsense',
      'nonsense',
      'the checker answered "I think that it is fine"; it must answer ok or bad REASON',
    ],
  ])('may %s as a server: it is started anew', async (how, kind, reason) => {
    const limit = ['--checker-timeout-ms', '400'];
    const { report } = await reportOf([
      'campaign',
      storeLog('list4'),
      '--check-server',
      node('server', `${how}=2`),
      ...(how === 'hang' ? limit : []),
    ]);

    expect(report.undecided).toEqual([
      { kind, images: expect.any(Number), index: expect.any(Number), reason },
    ]);
    expect(report.images.consistent + report.images.undecided).toBe(35);
    expect(report.images.consistent).toBeGreaterThan(20);
  });

  it.each([
    ['hangs', `${process.execPath} -e 'for(;;);' {}`, 'hang', 'the checker took longer than 100 ms'],
    ['is killed', `sh -c 'kill -9 $$' {}`, 'crash', 'the checker was ended by SIGKILL'],
  ])('may be a command that %s', async (_, command, kind, reason) => {
    const { report, status } = await reportOf([
      'campaign',
      storeLog('list4'),
      '--shard',
      '1/5',
      '--check-command',
      command,
      '--checker-timeout-ms',
      '100',
    ]);

    expect(report.undecided).toMatchObject([{ kind, images: report.images.distinct, reason }]);
    expect(status).toBe(2);
  });

  it('that never answers as a server ends the campaign with a mistake told', async () => {
    const started = reportOf(['campaign', LOG, '--check-server', `${process.execPath} -e 1`]);

    await expect(started).rejects.toThrow(/status 3 .*ended 3 times without an answer/);
  });
});
