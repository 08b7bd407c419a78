import { Command } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';
import { parseCount, parsePlatform, parseSeed } from './values.ts';

export const recordCommand = (session: Session): Command =>
  new Command('record')
    .description('Run a scripted program, or a scenario of a mechanism, and record it while it runs.')
    .argument(
      '<what>',
      'program as JSON: a file, and for each core its stores, flushes, fences and markers; or a mechanism: its name, or the module that exports it',
    )
    .requiredOption('-o, --output <file>', 'recording to write; .gz compresses it; - writes standard output')
    .option('--seed <number>', 'of a program, 64 bits: how the cores interleave (default: 0x0)', parseSeed)
    .option(
      '--platform <platform>',
      'of a program: what a power loss leaves: P0, P1, P1f or P2 (default: P1)',
      parsePlatform,
    )
    .option(
      '--evictions <per-mille>',
      'of a program: of 1,000 events so many evict a line unasked (default: 0)',
      parseCount(0, 1000),
    )
    .option(
      '--drains <per-mille>',
      'of a program: of 1,000 events so many drain a line of a queue (default: 0)',
      parseCount(0, 1000),
    )
    .option(
      '--write-outs <per-mille>',
      'of a program: of 1,000 events so many write out an atom of a write-combining buffer (default: 0)',
      parseCount(0, 1000),
    )
    .option('--scenario <name>', 'of a mechanism: which one (default: its first)')
    .option('--mutant <name>', 'of a mechanism: the defect that is switched on')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The recording can be read while it is written, and after the recorder was killed, up to its last whole line. A mechanism's run
ends where an invariant does not hold, and its recording with what was found.

Exit status: 0 recorded, 1 an invariant of the mechanism does not hold.
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
  [
    'tearline record S13.4 --scenario back-to-back -o s13.4.ndjson',
    'a scenario of a mechanism, without faults',
  ],
])}`,
    )
    .action((path: string, options) =>
      session.act(async (io) => (await import('./actions/record.ts')).record(io, path, options)),
    );
