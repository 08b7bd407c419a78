import { Command } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';

export const listCommand = (session: Session): Command =>
  new Command('list')
    .description('List faults, platforms, mechanisms, kinds of events, and the recordings of a directory.')
    .argument(
      '[what]',
      'directory of recordings (default: replays, where there is one), or a mechanism: its name, or the module that exports it',
    )
    .option(
      '--events',
      'the kinds of events with their meanings and fields: of persistent memory, or of the mechanism',
    )
    .option(
      '--mechanism <module.mjs>',
      'a mechanism that does not come with tearline, of which there are recordings',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      examples([
        ['tearline list', 'what can befall the machine, and the known reproductions'],
        ['tearline list --events', 'what the lines of a recording mean'],
        ['tearline list S13.4', 'a mechanism: scenarios, choices, faults, invariants, mutants'],
        ['tearline list S13.4 --events', 'what the lines of its recordings mean'],
        ['tearline record fixtures/programs/list-push.json -o list.ndjson', 'a recording'],
        ['tearline list . --json', 'the recordings of a directory, for programs'],
      ]),
    )
    .action((what: string | undefined, options) =>
      session.act(async (io) => (await import('./actions/list.ts')).list(io, what, options)),
    );
