import { Command } from 'commander';
import { runCampaign } from '../node/campaign-engine.ts';
import { addCampaignOptions, type CampaignOptions, specOf, witnessDirectoryOf } from './campaign-options.ts';
import { interruptible } from './interruptible.ts';
import { ProgressLine } from './progress-line.ts';
import { tellReport } from './tell-report.ts';

const HELP = `
A checker module gets the image of the first file as a Uint8Array; context.files has all files by name, context.promise
the value of the module's own fold over the markers passed, \`export function promise(previous, marker)\`. The image is
scratch memory: what the checker writes is undone. Several files of a run lie side by side under their base names when
a checker is a command; {} is the first of them.

Exit status: 0 clean, 1 violation found, 2 incomplete or undecided, 3 bad input or usage, 130 interrupted.

Examples:
  tearline campaign run.storelog --check check.mjs
  tearline campaign run.storelog.gz --platform P2 --check-command './program check {}' --json
  tearline campaign run.storelog --check check.mjs --results run.results --report report/
  tearline campaign run.storelog --check check.mjs --shard 1/3 --results part1.results
`;

/** `tearline campaign LOG`: crash the machine at every event and judge what is left. */
export function campaignCommand(): Command {
  const command = new Command('campaign')
    .description('crash the power at every event of a run and judge every distinct image that can be left')
    .argument('<log>', 'a pmemcheck store log or a recording, compressed or not');
  return addCampaignOptions(command)
    .addHelpText('after', HELP)
    .action((log: string, options: CampaignOptions) => campaign(log, options));
}

async function campaign(log: string, options: CampaignOptions): Promise<void> {
  const spec = specOf(log, options);
  const line = new ProgressLine();
  const { report, timeline } = await interruptible((signal) =>
    runCampaign(spec, {
      jobs: options.jobs,
      resultsFile: options.results,
      witnessDirectory: witnessDirectoryOf(options),
      wantsTimeline: options.report !== undefined,
      signal,
      ...(!options.quiet && {
        onNote: (note) => {
          line.clear();
          process.stderr.write(`tearline: ${note}\n`);
        },
        onProgress: (progress) => line.show(progress),
      }),
    }).finally(() => line.clear()),
  );
  await tellReport(report, timeline, options);
}
