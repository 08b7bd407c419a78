import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignReport } from '../../explore/campaign-report.ts';
import type { RunTimeline } from '../../explore/timeline.ts';
import { makeDirectory } from '../make-directory.ts';
import { junitXml } from './junit.ts';
import { reportPage } from './page.ts';
import { replaceFile } from './replace-file.ts';
import { resultLines } from './results-ndjson.ts';

/**
 * Writes what a campaign found into a directory, which is made when it is missing: `index.html`, one page that needs
 * nothing else; `junit.xml` for continuous integration; `results.ndjson` for programs. Files of the same names are replaced
 * whole. Returns the paths of the files.
 */
export async function writeReports(
  directory: string,
  report: CampaignReport,
  timeline: RunTimeline,
): Promise<string[]> {
  makeDirectory(directory);
  const versions = { tearline: ownVersion(), Node: process.versions.node };
  const files: [name: string, parts: () => Iterable<string>][] = [
    ['index.html', () => [reportPage(report, timeline, versions)]],
    ['junit.xml', () => [junitXml(report)]],
    ['results.ndjson', () => resultLines(report)],
  ];
  const paths: string[] = [];
  for (const [name, parts] of files) {
    const path = join(directory, name);
    await replaceFile(path, parts());
    paths.push(path);
  }
  return paths;
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
