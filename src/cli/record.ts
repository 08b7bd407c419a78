import { Command, Option } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';
import { parseCount, parsePlatform, parseSeed } from './values.ts';

export const recordCommand = (session: Session): Command =>
  new Command('record')
    .description('Run a scripted program and record it while it runs.')
    .argument(
      '<program>',
      'program as JSON: a file, and for each core its stores, flushes, fences and markers',
    )
    .requiredOption('-o, --output <file>', 'recording to write; .gz compresses it; - writes standard output')
    .addOption(
      new Option('--seed <number>', '64 bits: how the cores interleave')
        .argParser(parseSeed)
        .default(0n, '0x0'),
    )
    .option('--platform <platform>', 'what a power loss leaves: P0, P1, P1f or P2', parsePlatform, 'P1')
    .option('--evictions <per-mille>', 'of 1,000 events so many evict a line unasked', parseCount(0, 1000), 0)
    .option('--drains <per-mille>', 'of 1,000 events so many drain a line of a queue', parseCount(0, 1000), 0)
    .option(
      '--write-outs <per-mille>',
      'of 1,000 events so many write out an atom of a write-combining buffer',
      parseCount(0, 1000),
      0,
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The recording can be read while it is written, and after the recorder was killed, up to its last whole line.
${examples([
  ['tearline record fixtures/programs/list-push.json -o list.ndjson', 'one core'],
  [
    'tearline record fixtures/programs/two-cores.json --seed 0xfeedface12345678 -o two.ndjson',
    'two cores, interleaved by the seed',
  ],
  [
    'tearline record fixtures/programs/two-cores.json --platform P0 --evictions 50 --drains 20 -o unasked.ndjson',
    'with evictions and drains',
  ],
])}`,
    )
    .action((path: string, options) =>
      session.act(async (io) => (await import('./actions/record.ts')).record(io, path, options)),
    );
