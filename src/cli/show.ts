import { Command } from 'commander';
import { InputError } from '../kernel/errors.ts';
import { examples } from './examples.ts';
import { givenOptions } from './given-options.ts';
import type { Session } from './session.ts';
import { parseCount, parseMark, parsePlatform } from './values.ts';

export const showCommand = (session: Session): Command =>
  new Command('show')
    .description('Show the state of the machine after N events of a run.')
    .argument('<file>', 'recording or store log, compressed or not; - reads standard input')
    .option('--at <index>', 'number of events folded; -1 is one before the end; end', parseMark)
    .option(
      '--at-instruction <n>',
      'of a program, in place of --at: run it again until it has executed so many instructions',
      parseCount(0, Number.MAX_SAFE_INTEGER),
    )
    .option('--line <address>', 'look at the line that holds it: an address with 0x, or FILE+OFFSET')
    .option('--bytes <address:length>', 'look at so many bytes')
    .option('--platform <platform>', 'of a store log: P0, P1, P1f or P2 (default: P1)', parsePlatform)
    .option(
      '--mechanism <module.mjs>',
      'of a mechanism that does not come with tearline: the module that exports it',
    )
    .option('--limit <entries>', 'entries of each list to show', parseCount(1, 1_000_000), 16)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      examples([
        [
          'tearline show fixtures/pmem/listbug8.storelog --at 143',
          'what a crash after 143 events could lose',
        ],
        [
          'tearline show fixtures/pmem/listbug8.storelog --at 143 --bytes pool.img+0x40:16',
          'what is visible and what is durable',
        ],
        ['tearline show fixtures/pmem/list4.storelog --at end --json', 'the same for programs'],
        [
          'tearline record -o hello.ndjson -- fixtures/x86/guests/hello.elf',
          'a program, and digests of all that it does …',
        ],
        [
          'tearline show hello.ndjson --at-instruction 3000',
          '… which is run again up to there: registers, and what comes',
        ],
        ['tearline show replays/mechanisms/S13.4-b.ndjson --at -1', 'a mechanism, one event before it fails'],
      ]),
    )
    .action((file: string, options, self: Command) =>
      session.act(async (io) => {
        if (options.atInstruction === undefined) {
          if (options.at === undefined) throw new InputError("required option '--at <index>' not specified");
          return (await import('./actions/show.ts')).show(io, file, options);
        }
        const [foreign] = givenOptions(self, OF_EVENTS);
        if (foreign !== undefined)
          throw new InputError(`show: ${foreign} is of events: leave it out, or --at-instruction`);
        return (await import('./actions/show-instruction.ts')).showInstruction(io, file, options);
      }),
    );

/** Options that say what to look at after so many events. */
const OF_EVENTS: readonly string[] = ['at', 'line', 'bytes', 'platform', 'mechanism', 'limit'];
