import { Command, Option } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';

export const exportCommand = (session: Session): Command =>
  new Command('export')
    .description('Turn a recording back into a store log, for pmreorder and other readers of that format.')
    .argument('<file>', 'recording or store log, compressed or not; - reads standard input')
    .requiredOption('-o, --output <file>', 'store log to write; - writes standard output')
    .addOption(new Option('--format <format>', 'what to write').choices(['storelog']).default('storelog'))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
What the format cannot tell (cores, non-temporal stores, evictions, base contents) is told in other words or left out, and listed.
${examples([
  ['tearline record fixtures/programs/two-cores.json -o two.ndjson', 'a run of two cores'],
  ['tearline export two.ndjson -o two.storelog', 'as one store log'],
])}`,
    )
    .action((file: string, options) =>
      session.act(async (io) => (await import('./actions/export.ts')).exportLog(io, file, options)),
    );
