import { Command } from 'commander';
import { InputError } from '../kernel/errors.ts';
import {
  addCampaignOptions,
  type CampaignOptions,
  LOG_OPTIONS,
  MECHANISM_OPTIONS,
  NOT_OF_PROGRAMS,
  PROGRAM_OPTIONS,
  programSpecOf,
  specOf,
} from './campaign-options.ts';
import { examples } from './examples.ts';
import { givenOptions } from './given-options.ts';
import type { Session } from './session.ts';

const DETAILS = `
A checker module gets the image of the first file as a Uint8Array. context.files has all files by name; context.promise
is the value of the module's own fold over the markers passed, export function promise(previous, marker). The image is
scratch memory: what the checker writes is undone. For a checker that is a command, the files lie side by side in a
directory under their base names, and {} is the path of the first.

A program for x86-64 Linux, statically linked, stands with its arguments behind --. Every image that a crash can leave of its
files is recovered, by the program itself or by --recover, which has to end with exit status 0. A checker module then also gets
context.recovery: exitStatus, signal, isEnded, output, errors and contents(path).

A mechanism is explored as far as its scenarios go: each fault at each event, recovery to its end with each fault again at
each of its events, every invariant after every event. A loss that is unavoidable and reported is no violation.

Exit status: 0 clean, 1 violation found (with --mutants: or a mutant missed), 2 incomplete or undecided, 3 bad input or
usage, 4 a reducer is not deterministic, 130 interrupted.`;

/** `tearline campaign LOG`: crash the machine at every event and judge what is left. */
export function campaignCommand(session: Session): Command {
  const command = new Command('campaign')
    .usage('[options] [what | -- program [arguments]]')
    .description(
      'Crash the power at every event of a run and judge every distinct image that can be left; or put every fault in ' +
        'at every event of a mechanism, twice, and judge its invariants.',
    )
    .argument(
      '[what]',
      'a pmemcheck store log or a recording, compressed or not; or a mechanism such as S13.4, a group such as S13, a module',
    );
  return addCampaignOptions(command)
    .addHelpText('after', DETAILS)
    .addHelpText(
      'after',
      examples([
        [
          'tearline campaign fixtures/pmem/listbug8.storelog --check fixtures/pmem/check.mjs',
          'find the missing fence; its witness is written to tearline-out/',
        ],
        [
          'tearline campaign fixtures/pmem/list8.storelog --platform P2 --check fixtures/pmem/check.mjs --json',
          'as one JSON object',
        ],
        [
          'tearline campaign --pmem pool:64K -- fixtures/x86/programs/list-missing-fence.elf pool 3',
          'a program, which has to recover from every crash',
        ],
        ['tearline campaign S13.4 --mutant b', 'switch a defect of a mechanism on, and find it'],
        ['tearline campaign S13.3 --mutants', 'every fault at every event, twice, and every defect'],
        [
          'tearline campaign fixtures/pmem/list8.storelog --check fixtures/pmem/check.mjs --results list.results',
          'resumable: the same command again goes on where it was killed',
        ],
      ]),
    )
    .action((what: string | undefined, options: CampaignOptions, self: Command) =>
      session.actOnProgram(async (io, guest) => {
        if (guest !== undefined) {
          expectProgramOptions(self, what);
          const { standardInputs } = await import('../node/standard-input.ts');
          const spec = programSpecOf(guest, options, await standardInputs(options, io.stdin));
          return (await import('./actions/campaign.ts')).campaign(io, spec, options);
        }
        const { isMechanismName, isModule } = await import('../node/mechanism-source.ts');
        const ofMechanisms =
          options.all === true ||
          (what !== undefined &&
            (isMechanismName(what) || (isModule(what) && givenOptions(self, LOG_OPTIONS).length === 0)));
        expectFitting(self, ofMechanisms);
        if (ofMechanisms)
          return (await import('./actions/mechanism-campaign.ts')).mechanismCampaign(io, what, options);
        if (what === undefined)
          throw new InputError(
            'campaign: say of what: a store log, a recording, a mechanism such as S13.4, --all, or a program behind --',
          );
        return (await import('./actions/campaign.ts')).campaign(io, specOf(what, options), options);
      }),
    );
}

/** Throws `InputError` for an option that means nothing for what was named. */
function expectFitting(command: Command, ofMechanisms: boolean): void {
  const [program] = givenOptions(command, PROGRAM_OPTIONS);
  if (program !== undefined)
    throw new InputError(`campaign: ${program} is for a program: give that behind --, or leave it out`);
  const [foreign] = givenOptions(command, ofMechanisms ? LOG_OPTIONS : MECHANISM_OPTIONS);
  if (foreign === undefined) return;
  throw new InputError(`campaign: ${foreign} is for ${ofMechanisms ? 'a run' : 'mechanisms'}; leave it out`);
}

/** Throws `InputError` for what means nothing for a program. */
function expectProgramOptions(command: Command, what: string | undefined): void {
  const [foreign] = givenOptions(command, [...NOT_OF_PROGRAMS, ...MECHANISM_OPTIONS]);
  if (foreign !== undefined)
    throw new InputError(`campaign: ${foreign} is not for a program behind --; leave it out`);
  if (what !== undefined)
    throw new InputError(`campaign: ${what} and a program behind -- cannot both be meant: leave one out`);
}
