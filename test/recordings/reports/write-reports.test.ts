import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReports } from '../../../src/recordings/reports/write-reports.ts';
import { sampleReport, sampleTimeline } from './sample-report.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tearline-reports-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('writeReports', () => {
  it('makes the directory, writes three files, leaves no temporary one, and replaces what was there', async () => {
    const target = join(directory, 'deep', 'report');
    await writeReports(target, sampleReport(), sampleTimeline());
    await writeFile(join(target, 'index.html'), 'old');

    const files = await writeReports(target, sampleReport(), sampleTimeline());

    expect(files.map((file) => basename(file))).toEqual(['index.html', 'junit.xml', 'results.ndjson']);
    expect(files).toEqual(['index.html', 'junit.xml', 'results.ndjson'].map((name) => join(target, name)));
    expect((await readdir(target)).sort()).toEqual(['index.html', 'junit.xml', 'results.ndjson']);
    expect(await readFile(files[0], 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('writes the results as lines of JSON: one summary, then all that it counts', async () => {
    const report = sampleReport();
    const [, , file] = await writeReports(directory, report, sampleTimeline());
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const results = lines.map((line) => JSON.parse(line) as { type: string });

    expect(results.map(({ type }) => type)).toEqual([
      'summary',
      'group',
      'group',
      'window',
      'window',
      'undecided',
      'incomplete',
      'incomplete',
    ]);
    expect(results[0]).toMatchObject({
      schemaVersion: 1,
      outcome: 'violating',
      images: report.images,
      groups: 2,
      windows: 2,
      incomplete: { points: 2, explored: 512 },
    });
    expect(results[1]).toEqual({ type: 'group', ...report.groups[0] });
    expect(results[6]).toEqual({ type: 'incomplete', index: 4, images: null, log2: 128, explored: 256 });
  });

  it('leaves nothing behind when it cannot write', async () => {
    const file = join(directory, 'taken');
    await writeFile(file, '');

    await expect(writeReports(file, sampleReport(), sampleTimeline())).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(await readdir(directory)).toEqual(['taken']);
  });
});
