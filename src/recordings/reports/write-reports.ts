import type { CampaignReport } from '../../explore/campaign-report.ts';
import type { RunTimeline } from '../../explore/timeline.ts';
import { junitXml } from './junit.ts';
import { reportPage } from './page.ts';
import { resultLines } from './results-ndjson.ts';
import { ownVersions, writeFiles } from './write-files.ts';

/**
 * Writes what a campaign found into a directory, which is made when it is missing: `index.html`, one page that needs
 * nothing else; `junit.xml` for continuous integration; `results.ndjson` for programs. Files of the same names are replaced
 * whole. Returns the paths of the files.
 */
export const writeReports = (
  directory: string,
  report: CampaignReport,
  timeline: RunTimeline,
): Promise<string[]> =>
  writeFiles(directory, [
    ['index.html', () => [reportPage(report, timeline, ownVersions())]],
    ['junit.xml', () => [junitXml(report)]],
    ['results.ndjson', () => resultLines(report)],
  ]);
