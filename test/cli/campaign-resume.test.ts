import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CampaignReport } from '../../src/explore/campaign-report.ts';
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

const SLOW = { SLOW_MS: '8' };
const KILL_AFTER_MS = { list8: [260, 420, 350, 510, 300, 470], listbug8: [430, 340, 600] };
const JOBS = 2;

/** Images that a worker may be at when it is killed: those whose verdicts are not yet on their way. */
const IN_FLIGHT_MAX = 16;

const slowly = (log: string): string[] => [
  'campaign',
  storeLog(log),
  '--check',
  checker('slow'),
  '--results',
  'results',
  '--jobs',
  String(JOBS),
  '--no-witnesses',
];

/** The keys that a results file holds, in its order. */
function keysIn(path: string): string[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { consistent?: string[]; result?: { key: string } })
    .flatMap(({ consistent, result }) => consistent ?? (result === undefined ? [] : [result.key]));
}

const linesIn = (path: string): number =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;

describe('a campaign with a results file', () => {
  it.each(['list8', 'listbug8'] as const)('goes on after kill -9, and counts each result of %s once', (log) =>
    inEmptyDirectory(async (cwd) => {
      const environment = { ...SLOW, JUDGED: join(cwd, 'judged') };
      for (const ms of KILL_AFTER_MS[log]) {
        const { child, ended } = start(slowly(log), { cwd, environment });
        await delay(ms);
        child.kill('SIGKILL');
        await ended;
      }

      const { report } = await reportOf(slowly(log), { cwd, environment });

      const whole = await reportOf(['campaign', storeLog(log), '--check', CHECK, '--no-witnesses']);
      expect({ ...lasting(report), checker: '' }).toEqual({ ...lasting(whole.report), checker: '' });
      const keys = keysIn(join(cwd, 'results'));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(report.images.distinct);
      if (report.images.violating > 0) return; // neighbours were judged, too
      const judged = linesIn(join(cwd, 'judged'));
      expect(judged).toBeGreaterThanOrEqual(71);
      expect(judged).toBeLessThanOrEqual(71 + KILL_AFTER_MS[log].length * JOBS * IN_FLIGHT_MAX);
    }),
  );

  it('judges nothing again when it is done', () =>
    inEmptyDirectory(async (cwd) => {
      const environment = { SLOW_MS: '0', JUDGED: join(cwd, 'judged') };
      const first = await reportOf(slowly('list8'), { cwd, environment });
      const second = await reportOf(slowly('list8'), { cwd, environment });

      expect(linesIn(join(cwd, 'judged'))).toBe(71);
      expect(lasting(second.report)).toEqual(lasting(first.report));
    }));

  it('cuts off half a line, and judges what it said again', () =>
    inEmptyDirectory(async (cwd) => {
      const path = join(cwd, 'results');
      const first = await reportOf(slowly('list8'), { cwd, environment: { SLOW_MS: '0' } });
      const lines = readFileSync(path, 'utf8').split('\n');
      const atLine = lines.findIndex((line) => line.startsWith('{"consistent"')) + 1;
      truncateSync(path, lines.slice(0, atLine).join('\n').length - 10);

      const second = await reportOf(slowly('list8'), { cwd, environment: { SLOW_MS: '0' } });

      expect(lasting(second.report)).toEqual(lasting(first.report));
      const keys = keysIn(path);
      expect(new Set(keys).size).toBe(71);
      expect(keys).toHaveLength(71);
    }));

  it('refuses the results of another campaign and says what differs', () =>
    inEmptyDirectory(async (cwd) => {
      const campaign = (log: string, ...more: string[]): string[] => [
        'campaign',
        storeLog(log),
        '--results',
        'results',
        ...more,
      ];
      await tearline(campaign('list4', '--check', CHECK), { cwd });
      const before = readFileSync(join(cwd, 'results'), 'utf8');

      const others: [string[], RegExp][] = [
        [campaign('list8', '--check', CHECK), /the log differs/],
        [campaign('list4', '--check', checker('writing')), /the checker differs/],
        [campaign('list4', '--check', CHECK, '--platform', 'P2'), /the platform differs/],
        [campaign('list4', '--check', CHECK, '--seed', '1'), /the seed differs/],
        [campaign('list4', '--check', CHECK, '--limit-images', '9'), /the limits differ/],
        [campaign('list4', '--check', CHECK, '--shard', '1/2'), /the shard differs/],
      ];
      for (const [args, words] of others) {
        const { status, stderr } = await tearline(args, { cwd });
        expect(stderr).toMatch(words);
        expect(stderr).toMatch(/choose another --results file/);
        expect(status).toBe(3);
      }
      expect(readFileSync(join(cwd, 'results'), 'utf8')).toBe(before);
    }));

  it('ends with one line where the file cannot be written', () =>
    inEmptyDirectory(async (cwd) => {
      const args = ['campaign', storeLog('list4'), '--check', CHECK, '--results', 'none/results'];
      expect(await tearline(args, { cwd })).toMatchObject({
        status: 3,
        stdout: '',
        stderr: 'tearline: cannot write none/results: no such file or folder (ENOENT)\n',
      });
    }));

  it('touches no file that is something else, and says where one is damaged', () =>
    inEmptyDirectory(async (cwd) => {
      const path = join(cwd, 'results');
      writeFileSync(path, 'dear diary');
      const diary = await tearline(slowly('list4'), { cwd });
      expect(diary).toMatchObject({ status: 3, stderr: expect.stringMatching(/is no results file/) });
      expect(readFileSync(path, 'utf8')).toBe('dear diary');

      truncateSync(path);
      await tearline(slowly('list4'), { cwd, environment: { SLOW_MS: '0' } });
      appendFileSync(path, '{"consistent":["__proto__"]}\n');
      const damaged = await tearline(slowly('list4'), { cwd });
      expect(damaged.status).toBe(3);
      expect(damaged.stderr).toMatch(
        /results, line \d+ .*: a key must be 32 hexadecimal digits; .* head -n \d+ keeps/,
      );
    }));
});

describe('a campaign that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s keeps what it has and ends with status 130', (signal) =>
    inEmptyDirectory(async (cwd) => {
      const { child, ended } = start([...slowly('list8'), '--json'], { cwd, environment: { SLOW_MS: '40' } });
      while (linesIn(join(cwd, 'results')) < 3) await delay(20);
      child.kill(signal);
      const { status, stdout } = await ended;
      const report = JSON.parse(stdout) as CampaignReport;

      expect(status).toBe(130);
      expect(report.outcome).toBe('interrupted');
      expect(report.images.complete).toBe(false);
      expect(report.images.checked).toBeGreaterThan(0);
      expect(report.images.checked).toBeLessThan(71);
      expect(keysIn(join(cwd, 'results'))).toHaveLength(report.images.checked);

      const resumed = await reportOf(slowly('list8'), { cwd, environment: { SLOW_MS: '0' } });
      expect(resumed.report).toMatchObject({ outcome: 'clean', images: { checked: 71 } });
    }),
  );

  it('while its checker hangs ends all the same', () =>
    inEmptyDirectory(async (cwd) => {
      const { child, ended } = start([...slowly('list8'), '--json'], {
        cwd,
        environment: { SLOW_MS: '9000', JUDGED: join(cwd, 'judged') },
      });
      while (linesIn(join(cwd, 'judged')) < JOBS) await delay(20);
      child.kill('SIGINT');
      const { status, stdout } = await ended;

      expect(status).toBe(130);
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: 'interrupted',
        images: { checked: 0, undecided: 0 },
      });
    }));
});
