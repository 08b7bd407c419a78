import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaignOn } from '../support/program-campaigns.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

/** The example programs that are wrong in one way, and what their authors have to mend. */
const DEFECTS: Readonly<Record<string, string>> = {
  'list-missing-flush': 'missing flush',
  'list-missing-fence': 'missing fence',
  'list-wrong-line': 'flush of another line',
  'list-head-before-node': 'wrong order',
  'log-stream-without-fence': 'missing fence',
  'table-log-without-fence': 'missing fence',
  'tree-in-place': 'wrong order',
};

describe('a campaign on a program', () => {
  it.each(Object.entries(DEFECTS))('finds what is wrong with %s: %s', async (name, defect) => {
    const found = await campaignOn(name, name === 'tree-in-place' ? 3 : 2);
    expect(new Set(found.groups.map((group) => group.defect))).toEqual(new Set([defect]));
  });

  it('finds a promise that is not kept only where outputs are compared', async () => {
    const { groups } = await campaignOn('list-pointer-not-its-place', 2, { equivalent: true });
    expect(groups.map(({ defect }) => defect)).toEqual(['promise too early']);
  });

  it('names the source lines of the stores, and flushes that miss persistent memory', async () => {
    const { groups, notes } = await campaignOn('list-stack-temporary', 2);
    expect(groups.map(({ cause }) => cause)).toEqual([
      expect.stringMatching(
        /^order: early store \(pmem\.h:\d+\) in push \(list\.c:\d+\) .*; missing push \(list\.c:\d+\) /,
      ),
    ]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^2 flushes were of lines that are not in persistent memory, .*flush \(pmem\.h:\d+\)/,
      ),
    ]);
  });

  it('names the flush that is meant for another line, and that no fence follows', async () => {
    const { groups } = await campaignOn('list-wrong-line', 1);
    expect(groups[0].explanation).toMatch(
      /what is flushed after it at flush \(pmem\.h:\d+\) in push \(list\.c:\d+\).* is another line, not its own/,
    );
    const { groups: unfenced } = await campaignOn('list-missing-fence', 1);
    expect(unfenced[0].explanation).toMatch(
      /its line is flushed at flush \(pmem\.h:\d+\) in push \(list\.c:\d+\).*, but no fence stands between/,
    );
  });

  it('a recovery has to say what is expected of it', async () => {
    const { violating, groups } = await campaignOn('list', 2, { expectOutput: '^list of [01]$' });
    expect(violating).toBeGreaterThan(0);
    expect(groups[0].reason).toContain('the output of recovery does not match');
  });

  it('a recovery that takes too long is wrong', async () => {
    const { violating, groups } = await campaignOn('list', 1, { budgetInstructions: 1_000 });
    expect(violating).toBeGreaterThan(0);
    expect(groups[0].reason).toMatch(/recovery did not end within 1,000 instructions/);
  });

  it('a module sees how the recovery ended, what it said and what it left', async () => {
    const module = folder('check.mjs');
    writeFileSync(
      module,
      `export default (image, { recovery, files }) => {
        const left = recovery.contents('/pool');
        if (recovery.exitStatus !== 0 || recovery.signal !== null || !recovery.isEnded) return 'it ended badly';
        if (!/^list of [0-9]\\ndone 1\\n$/.test(recovery.output) || recovery.errors !== '') return 'it said nothing';
        if (left.length !== image.length || files['/pool'] !== image) return 'it left another file';
        return left[8] === 64 ? 'one item: ' + (left[8] - image[8]) : true; // the head
      };`,
    );
    const { groups } = await campaignOn('list', 1, { module });
    expect(groups.map(({ reason }) => reason)).toEqual(['one item: 64']);
  });
});
