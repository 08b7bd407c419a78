import { exitStatusOf } from '../explore/campaign-report.ts';
import type { CampaignResult } from '../node/campaign-engine.ts';
import { writeReports } from '../recordings/reports/write-reports.ts';
import type { ReportOptions } from './campaign-options.ts';
import { campaignText } from './campaign-text.ts';
import { print } from './print.ts';
import type { Io } from './session.ts';

/** Writes the report files that are wanted and prints the report. Returns the exit status. */
export async function tellReport(
  io: Io,
  { report, timeline }: CampaignResult,
  { json, report: directory }: ReportOptions,
): Promise<number> {
  if (directory !== undefined && timeline !== undefined) await writeReports(directory, report, timeline);
  if (directory !== undefined && timeline === undefined) {
    io.stderr.write('tearline: no report was written, since the run was not walked to its end for it\n');
  }
  print(io.stdout, json === true, { ...report }, () => campaignText(report));
  return exitStatusOf(report.outcome);
}
