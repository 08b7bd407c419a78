import type { CampaignReport } from '../explore/campaign-report.ts';
import { exitStatusOf } from '../explore/campaign-report.ts';
import type { RunTimeline } from '../explore/timeline.ts';
import { writeReports } from '../recordings/reports/write-reports.ts';
import { campaignText } from './campaign-text.ts';

export interface TellOptions {
  readonly json?: true;
  readonly report?: string;
}

/** Writes the report files that are wanted, prints the report, and sets the exit status. */
export async function tellReport(
  report: CampaignReport,
  timeline: RunTimeline | undefined,
  { json, report: directory }: TellOptions,
): Promise<void> {
  if (directory !== undefined && timeline !== undefined) await writeReports(directory, report, timeline);
  if (directory !== undefined && timeline === undefined) {
    process.stderr.write('tearline: no report was written, since the run was not walked to its end for it\n');
  }
  process.exitCode = exitStatusOf(report.outcome);
  await print(json ? `${JSON.stringify(report)}\n` : campaignText(report));
}

/** A reader that has seen enough, such as `head`, is no failure. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve();
      else reject(error);
    });
    process.stdout.write(text, () => resolve());
  });
}
