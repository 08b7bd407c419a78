import { Command, Option } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';
import { collectBase, parsePlatform } from './values.ts';

export const importCommand = (session: Session): Command =>
  new Command('import')
    .description('Turn a store log into a recording.')
    .argument('<log>', 'store log of pmemcheck (--log-stores=yes), compressed or not; - reads standard input')
    .requiredOption('-o, --output <file>', 'recording to write; .gz compresses it; - writes standard output')
    .option('--platform <platform>', 'what a power loss leaves: P0, P1, P1f or P2', parsePlatform, 'P1')
    .addOption(
      new Option(
        '--base <file=image>',
        'contents of a file before the run, by its path or its last part; repeatable',
      )
        .argParser(collectBase)
        .default(new Map<string, string>(), 'zeros'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      examples([
        [
          'tearline import fixtures/pmem/list4.storelog -o list4.ndjson',
          'a recording to look into, edit and replay',
        ],
        [
          'gzip -dc fixtures/pmem/log3000.storelog.gz | tearline import - -o log3000.ndjson.gz',
          'through a pipe',
        ],
        ['tearline import fixtures/pmem/list4.storelog --platform P2 -o - | head -n 3', 'into a pipe'],
      ]),
    )
    .action((log: string, options) =>
      session.act(async (io) => (await import('./actions/import.ts')).importLog(io, log, options)),
    );
