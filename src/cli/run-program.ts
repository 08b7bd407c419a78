import { Command, Option } from 'commander';
import { InputError } from '../kernel/errors.ts';
import type { RunProgramOptions } from './actions/run-program.ts';
import { examples } from './examples.ts';
import { addSurroundingOptions } from './guest-options.ts';
import type { Session } from './session.ts';
import { parseCount, parseSeed } from './values.ts';

const DETAILS = `
The program has no access to the host: it finds the files that are given to it, in memory, and its clock counts its
instructions, so that it does the same each time. A file of --pmem lies on persistent memory; it holds what the file of the
host holds, if there is one, which only --save-pmem changes.

Exit status: the program's own; 128 and the number of the signal that ended it; 2 when it does not end, or needs what a guest
cannot have yet; 3 when it cannot be started.
`;

export const runProgramCommand = (session: Session): Command =>
  addSurroundingOptions(new Command('run'))
    .usage('[options] -- program [arguments]')
    .description(
      'Run a program for x86-64 Linux, statically linked, as a guest. It stands with its arguments behind --.',
    )
    .option('--save-pmem', 'write the files of --pmem back to the host when the program has ended')
    .addOption(
      new Option('--seed <number>', '64 bits: of the random numbers that the program gets')
        .argParser(parseSeed)
        .default(0n, '0x0'),
    )
    .addOption(
      new Option('--instructions-max <n>', 'stop a program that has executed so many instructions')
        .argParser(parseCount(1, Number.MAX_SAFE_INTEGER))
        .default(Number.MAX_SAFE_INTEGER, 'none'),
    )
    .option('--stats', 'tell on standard error what was executed')
    .addHelpText(
      'after',
      `${DETAILS}${examples([
        [
          'tearline run -- fixtures/x86/guests/step.elf runs',
          'a file in volatile memory, of which nothing stays',
        ],
        [
          'tearline run --pmem runs:4K --save-pmem -- fixtures/x86/guests/step.elf runs',
          'a file on persistent memory, written back to the host',
        ],
      ])}`,
    )
    .action((options: RunProgramOptions) =>
      session.actOnProgram(async (io, guest) => {
        if (guest === undefined) {
          throw new InputError('run: say what: give the path of a program, and its arguments, behind --');
        }
        return (await import('./actions/run-program.ts')).runProgram(io, guest, options);
      }),
    );
