import { Command } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';
import { parseCount } from './values.ts';

export const diffCommand = (session: Session): Command =>
  new Command('diff')
    .description('Find where two recordings part, or what differs between two places in a run.')
    .argument('<a>', 'recording or store log; with @N behind it its state after N events (-1, end)')
    .argument('<b>', 'another one, or the same with another place')
    .option(
      '--mechanism <module.mjs>',
      'of a mechanism that does not come with tearline: the module that exports it',
    )
    .option('--limit <entries>', 'entries of each list to show', parseCount(1, 1_000_000), 16)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Exit status: 0 the same, 1 they differ, 4 they differ although their headers are the same: the run is not deterministic.
${examples([
  ['tearline record fixtures/programs/two-cores.json --seed 1 -o one.ndjson', 'a run'],
  [
    'tearline record fixtures/programs/two-cores.json --seed 2 -o two.ndjson',
    'the same program, interleaved otherwise',
  ],
  ['tearline diff one.ndjson two.ndjson', 'the first event and the first state that differ'],
  ['tearline diff one.ndjson@10 one.ndjson@14', 'what four events changed'],
  [
    'tearline diff replays/mechanisms/S13.4-b.ndjson@-1 replays/mechanisms/S13.4-b.ndjson@end',
    'of a mechanism: what its last event changed',
  ],
])}`,
    )
    .action((a: string, b: string, options) =>
      session.act(async (io) => (await import('./actions/diff.ts')).diff(io, a, b, options)),
    );
