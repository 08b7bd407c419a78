import { Command } from 'commander';
import { mergeCampaign } from '../node/merge-engine.ts';
import { addReportOptions, type CampaignOptions, witnessDirectoryOf } from './campaign-options.ts';
import { interruptible } from './interruptible.ts';
import { tellReport } from './tell-report.ts';

const HELP = `
Each file was written by \`tearline campaign … --shard i/n --results FILE\`. They must be of one campaign: the same log,
base images, checker, platform, limits and seed. Shards that are missing make the result incomplete. Witnesses are made
when the log and the checker still lie where they did.

Exit status: 0 clean, 1 violation found, 2 incomplete or undecided, 3 bad input or usage, 130 interrupted.

Examples:
  tearline merge part1.results part2.results part3.results
  tearline merge part*.results --json --report report/
`;

/** `tearline merge FILE…`: put the shards of a campaign together. */
export function mergeCommand(): Command {
  const command = new Command('merge')
    .description('put the results of the shards of a campaign together')
    .argument('<results...>', 'results files of the shards');
  return addReportOptions(command)
    .addHelpText('after', HELP)
    .action((paths: string[], options: CampaignOptions) => merge(paths, options));
}

async function merge(paths: readonly string[], options: CampaignOptions): Promise<void> {
  const { report, timeline } = await interruptible((signal) =>
    mergeCampaign(paths, {
      witnessDirectory: witnessDirectoryOf(options),
      wantsTimeline: options.report !== undefined,
      signal,
      ...(!options.quiet && { onNote: (note: string) => process.stderr.write(`tearline: ${note}\n`) }),
    }),
  );
  await tellReport(report, timeline, options);
}
