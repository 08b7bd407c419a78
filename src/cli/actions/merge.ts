import { mergeCampaign } from '../../node/merge-engine.ts';
import { expectOutputsWritable, type ReportOptions, witnessDirectoryOf } from '../campaign-options.ts';
import { interruptible } from '../interruptible.ts';
import type { Io } from '../session.ts';
import { tellReport } from '../tell-report.ts';

/** Merges the shards of a campaign and tells what it found. Returns the exit status. */
export async function merge(io: Io, paths: readonly string[], options: ReportOptions): Promise<number> {
  expectOutputsWritable(options);
  const result = await interruptible((signal) =>
    mergeCampaign(paths, {
      witnessDirectory: witnessDirectoryOf(options),
      wantsTimeline: options.report !== undefined,
      signal,
      ...(!options.quiet && { onNote: (note: string) => io.stderr.write(`tearline: ${note}\n`) }),
    }),
  );
  return tellReport(io, result, options);
}
