import { Command } from 'commander';
import { addReportOptions, type ReportOptions } from './campaign-options.ts';
import { examples } from './examples.ts';
import type { Session } from './session.ts';

const DETAILS = `
Each file was written by tearline campaign LOG … --shard i/n --results FILE. All must be of one campaign: the same log,
base images, checker, platform, limits and seed. Shards that are missing make the result incomplete. Witnesses are made
when the log and the checker still lie where they did.

Exit status: 0 clean, 1 violation found, 2 incomplete or undecided, 3 bad input or usage, 130 interrupted.`;

/** `tearline merge FILE…`: put the shards of a campaign together. */
export function mergeCommand(session: Session): Command {
  const command = new Command('merge')
    .description('Put the results of the shards of a campaign together.')
    .argument('<results...>', 'results files of the shards');
  return addReportOptions(command)
    .addHelpText('after', DETAILS)
    .addHelpText(
      'after',
      examples([
        [
          'tearline campaign fixtures/pmem/list8.storelog --check fixtures/pmem/check.mjs --shard 1/2 --results 1.results',
          'one half, on one machine',
        ],
        [
          'tearline campaign fixtures/pmem/list8.storelog --check fixtures/pmem/check.mjs --shard 2/2 --results 2.results',
          'the other half, on another',
        ],
        ['tearline merge 1.results 2.results', 'the same report as of one campaign'],
      ]),
    )
    .action((paths: string[], options: ReportOptions) =>
      session.act(async (io) => (await import('./actions/merge.ts')).merge(io, paths, options)),
    );
}
