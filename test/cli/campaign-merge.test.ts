import { describe, expect, it } from 'vitest';
import { CHECK, inEmptyDirectory, lasting, reportOf, storeLog, tearline } from '../support/command-line.ts';

const shard = (part: string, log = 'listbug8', ...more: string[]): string[] => [
  'campaign',
  storeLog(log),
  '--check',
  CHECK,
  '--no-witnesses',
  '--shard',
  part,
  '--results',
  part.replace('/', '-of-'),
  ...more,
];

describe('merge', () => {
  it('gives the report of the whole campaign', () =>
    inEmptyDirectory(async (cwd) => {
      const parts = ['1/3', '2/3', '3/3'];
      for (const part of parts) {
        const { report } = await reportOf(shard(part), { cwd });
        expect(report.images.distinct).toBeLessThan(60);
      }
      const merged = await reportOf(['merge', '3-of-3', '1-of-3', '2-of-3'], { cwd });
      const whole = await reportOf(['campaign', storeLog('listbug8'), '--check', CHECK], { cwd });

      expect(merged.status).toBe(1);
      expect(lasting(merged.report)).toEqual({ ...lasting(whole.report), command: 'merge' });

      const partial = await reportOf(['merge', '1-of-3', '3-of-3'], { cwd });
      expect(partial.stderr).toMatch(/shard 2\/3 is missing/);
      expect(partial.report.images.complete).toBe(false);

      const twice = await tearline(['merge', '1-of-3', '2-of-3', '1-of-3'], { cwd });
      expect(twice).toMatchObject({ status: 3, stderr: expect.stringMatching(/both hold shard 1\/3/) });
    }));

  it('is incomplete while a shard is missing, and refuses what does not belong together', () =>
    inEmptyDirectory(async (cwd) => {
      await reportOf(shard('1/2', 'list4'), { cwd });
      await reportOf(shard('2/2', 'list8'), { cwd });
      await reportOf(shard('3/3', 'list4'), { cwd });

      const missing = await reportOf(['merge', '1-of-2'], { cwd });
      const otherLog = await tearline(['merge', '1-of-2', '2-of-2'], { cwd });
      const otherCount = await tearline(['merge', '1-of-2', '3-of-3'], { cwd });
      const noResults = await tearline(['merge', storeLog('list4')], { cwd });

      expect(missing).toMatchObject({ status: 2, report: { outcome: 'incomplete' } });
      expect(otherLog).toMatchObject({ status: 3, stderr: expect.stringMatching(/the log differs/) });
      expect(otherCount).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(/the number of shards differs/),
      });
      expect(noResults).toMatchObject({ status: 3, stderr: expect.stringMatching(/is no results file/) });
    }));
});
