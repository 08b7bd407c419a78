import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../src/explore/faults.ts';
import { memoryEvents } from '../../src/hardware/persistent-memory/events.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

describe('list', () => {
  it('has just the faults that can be injected', async () => {
    const { stdout } = await ran(['list']);
    for (const { number, injected } of faultKinds)
      expect(stdout).toMatch(new RegExp(`${number} .*--fault ${injected} `));
    const { stderr } = await ran(['inject', 'x', '--at', '0', '-o', 'y', '--fault', 'none']);
    expect(stderr).toContain(`one of ${faultKinds.map(({ injected }) => injected).join(', ')}.`);
  });

  it('has every kind of event with --events', async () => {
    const { stdout } = await ran(['list', '--events']);
    for (const kind of Object.keys(memoryEvents))
      expect(stdout).toContain(`\n${kind}  (since`.slice(stdout.startsWith(kind) ? 1 : 0));
  });

  it('has the known reproductions with their verdicts', async () => {
    const { recordings } = (await json(['list', inRepository('replays')])) as {
      recordings: Record<string, unknown>[];
    };
    expect(recordings).toContainEqual(
      expect.objectContaining({
        file: 'listbug8-missing-fence.ndjson',
        verdict: 'violating',
        problem: null,
        complete: true,
      }),
    );
  });

  it('says of a file that cannot be read why, and goes on', async () => {
    writeFileSync(folder('a.ndjson'), 'nothing\n');
    await ran(['record', inRepository('fixtures/programs/list-push.json'), '-o', folder('b.ndjson.gz')]);
    const { status, stdout } = await ran(['list', folder('')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/a\.ndjson .*this is no recording/);
    expect(stdout).toMatch(/b\.ndjson\.gz {2}37 events, P1/);
  });
});
