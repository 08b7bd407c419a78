import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaignOn } from '../support/program-campaigns.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

describe('a campaign on a program', () => {
  it('names the source lines of the stores, and tells of flushes that miss persistent memory', async () => {
    const { groups, notes } = await campaignOn('list-stack-temporary', 2);
    expect(groups.map(({ cause }) => cause)).toEqual([
      expect.stringMatching(
        /^order: early store \(pmem\.h:\d+\) in push \(list\.c:\d+\); missing push \(list\.c:\d+\)$/,
      ),
    ]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^2 flushes were of lines that are not in persistent memory, .*flush \(pmem\.h:\d+\)/,
      ),
    ]);
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
