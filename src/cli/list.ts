import { Command } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';

export const listCommand = (session: Session): Command =>
  new Command('list')
    .description('List faults, platforms, kinds of events, and the recordings of a directory.')
    .argument('[dir]', 'directory of recordings (default: replays, where there is one)')
    .option('--events', 'the kinds of events with their meanings and fields')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      examples([
        ['tearline list', 'what can befall the machine, and the known reproductions'],
        ['tearline list --events', 'what the lines of a recording mean'],
        ['tearline record fixtures/programs/list-push.json -o list.ndjson', 'a recording'],
        ['tearline list . --json', 'the recordings of a directory, for programs'],
      ]),
    )
    .action((directory: string | undefined, options) =>
      session.act(async (io) => (await import('./actions/list.ts')).list(io, directory, options)),
    );
