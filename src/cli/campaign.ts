import { Command } from 'commander';
import { addCampaignOptions, type CampaignOptions } from './campaign-options.ts';
import { examples } from './examples.ts';
import type { Session } from './session.ts';

const DETAILS = `
A checker module gets the image of the first file as a Uint8Array. context.files has all files by name; context.promise
is the value of the module's own fold over the markers passed, export function promise(previous, marker). The image is
scratch memory: what the checker writes is undone. For a checker that is a command, the files lie side by side in a
directory under their base names, and {} is the path of the first.

Exit status: 0 clean, 1 violation found, 2 incomplete or undecided, 3 bad input or usage, 130 interrupted.`;

/** `tearline campaign LOG`: crash the machine at every event and judge what is left. */
export function campaignCommand(session: Session): Command {
  const command = new Command('campaign')
    .description('Crash the power at every event of a run and judge every distinct image that can be left.')
    .argument('<log>', 'a pmemcheck store log or a recording, compressed or not');
  return addCampaignOptions(command)
    .addHelpText('after', DETAILS)
    .addHelpText(
      'after',
      examples([
        [
          'tearline campaign fixtures/pmem/listbug8.storelog --check fixtures/pmem/check.mjs',
          'find the missing fence; its witness is written to tearline-out/',
        ],
        [
          'tearline campaign fixtures/pmem/list8.storelog --platform P2 --check fixtures/pmem/check.mjs --json',
          'as one JSON object',
        ],
        [
          'tearline campaign fixtures/pmem/list8.storelog --check fixtures/pmem/check.mjs --results list.results',
          'resumable: the same command again goes on where it was killed',
        ],
      ]),
    )
    .action((log: string, options: CampaignOptions) =>
      session.act(async (io) => (await import('./actions/campaign.ts')).campaign(io, log, options)),
    );
}
