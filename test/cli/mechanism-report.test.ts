import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tearline } from '../support/command-line.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

describe('tearline campaign over a mechanism with --report', () => {
  it('writes a page, JUnit and result lines; what the page says to type replays the witness', async () => {
    const report = folder('report');
    const { status } = await tearline(['campaign', 'S13.4', '--mutant', 'd', '--report', report, '--quiet']);
    const [page, junit, lines] = ['index.html', 'junit.xml', 'results.ndjson'].map((name) =>
      readFileSync(join(report, name), 'utf8'),
    );
    const replay = /tearline (replay [^<]+)</.exec(page)![1].split(' ');

    expect(status).toBe(1);
    expect(page).toContain('<strong>Found.</strong> Mutant d of S13.4 is caught by I1.');
    expect(page).toContain('<span class="fault">F4</span>');
    expect(junit).toContain('mutant d is caught');
    expect(JSON.parse(lines.split('\n')[0])).toMatchObject({ type: 'summary', mutants: 1, caught: 1 });
    expect((await tearline(replay)).status).toBe(1);
  });
});
