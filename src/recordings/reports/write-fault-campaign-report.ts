import { faultCampaignJunit } from './fault-campaign-junit.ts';
import { faultCampaignLines } from './fault-campaign-ndjson.ts';
import { faultCampaignPage } from './fault-campaign-page.ts';
import type { FaultCampaignReport } from './fault-campaign-report.ts';
import { writeFiles } from './write-files.ts';

/** Writes what a campaign over mechanisms found into a directory, as `writeReports` does for a run. Returns the paths. */
export const writeFaultCampaignReport = (directory: string, report: FaultCampaignReport): Promise<string[]> =>
  writeFiles(directory, [
    ['index.html', () => [faultCampaignPage(report)]],
    ['junit.xml', () => [faultCampaignJunit(report)]],
    ['results.ndjson', () => faultCampaignLines(report)],
  ]);
