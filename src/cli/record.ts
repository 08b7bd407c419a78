import { Command, Option } from 'commander';
import { InputError } from '../kernel/errors.ts';
import { examples } from './examples.ts';
import { givenOptions } from './given-options.ts';
import { addGuestOptions, GUEST_OPTIONS } from './guest-options.ts';
import type { Session } from './session.ts';
import { parseCount, parsePlatform, parseSeed } from './values.ts';

export const recordCommand = (session: Session): Command =>
  addGuestOptions(new Command('record'))
    .usage('[options] what | -- program [arguments]')
    .description(
      'Run a program, a scripted one, or a scenario of a mechanism, and record it while it runs. A program for x86-64 Linux, ' +
        'statically linked, stands with its arguments behind --.',
    )
    .argument(
      '[what]',
      'scripted program as JSON: a file, and for each core its stores, flushes, fences and markers; or a mechanism: its name, or the module that exports it',
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
    .addOption(
      new Option(
        '--events <which>',
        'of a program behind --: what is written: the events of its persistent memory and its system calls; or stores to ' +
          'any memory, too; or all, with loads; or none but inputs and digests, from which replay makes all anew ' +
          '(default: persistent with --pmem, else none)',
      ).choices(['persistent', 'stores', 'all', 'none']),
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
    'tearline record --pmem pool:64K -o list.ndjson -- fixtures/x86/programs/list.elf pool 3',
    'a program, and all that it does to its pool',
  ],
  [
    'tearline record --events all -o all.ndjson -- fixtures/x86/guests/hello.elf',
    'a program, and every store, load and system call',
  ],
  [
    'tearline record -o hello.ndjson -- fixtures/x86/guests/hello.elf',
    'a program, and digests of all that it does',
  ],
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
    .action((what: string | undefined, options, self: Command) =>
      session.actOnProgram(async (io, guest) => {
        expectFitting(self, what, guest !== undefined);
        if (guest !== undefined)
          return (await import('./actions/record-guest.ts')).recordGuest(io, guest, options);
        return (await import('./actions/record.ts')).record(io, what ?? '', options);
      }),
    );

/** Options that a program behind `--` does without. */
const NOT_OF_PROGRAMS: readonly string[] = ['evictions', 'drains', 'writeOuts', 'scenario', 'mutant'];

/** Throws `InputError` where nothing is named, or too much. */
function expectFitting(command: Command, what: string | undefined, isGuest: boolean): void {
  const [foreign] = givenOptions(command, isGuest ? NOT_OF_PROGRAMS : [...GUEST_OPTIONS, 'events']);
  if (isGuest && what !== undefined)
    throw new InputError(`record: ${what} and a program behind -- cannot both be meant: leave one out`);
  if (foreign !== undefined)
    throw new InputError(
      isGuest
        ? `record: ${foreign} is not for a program behind --; leave it out`
        : `record: ${foreign} is for a program: give that behind --, or leave it out`,
    );
  if (!isGuest && what === undefined)
    throw new InputError('record: say what: a scripted program as JSON, a mechanism, or a program behind --');
}
