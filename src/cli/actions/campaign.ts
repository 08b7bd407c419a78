import { runCampaign } from '../../node/campaign-engine.ts';
import type { CampaignSpec } from '../../node/campaign-spec.ts';
import { type CampaignOptions, expectOutputsWritable, witnessDirectoryOf } from '../campaign-options.ts';
import { interruptible } from '../interruptible.ts';
import { imagesText, ProgressLine } from '../progress-line.ts';
import type { Io } from '../session.ts';
import { tellReport } from '../tell-report.ts';

/** Runs a campaign and tells what it found. Returns the exit status. */
export async function campaign(io: Io, spec: CampaignSpec, options: CampaignOptions): Promise<number> {
  const line = new ProgressLine(io.stderr);
  expectOutputsWritable(options);
  const result = await interruptible((signal) =>
    runCampaign(spec, {
      jobs: options.jobs,
      resultsFile: options.results,
      witnessDirectory: witnessDirectoryOf(options),
      wantsTimeline: options.report !== undefined,
      signal,
      ...(!options.quiet && {
        onNote: (note) => {
          line.clear();
          io.stderr.write(`tearline: ${note}\n`);
        },
        onProgress: (progress) => line.show(imagesText(progress), progress.elapsedMs),
      }),
    }).finally(() => line.clear()),
  );
  return tellReport(io, result, options);
}
