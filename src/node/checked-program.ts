import { CheckedRun } from '../guests/programs/checked-run.ts';
import type { ProcessHooks } from '../guests/programs/guest-process.ts';
import type { ProgramRun } from './campaign-spec.ts';
import { readProgram } from './program-request.ts';
import { programStarter } from './program-starter.ts';

/** Instructions between two lines of digests in a recording. */
export const CHECK_INSTRUCTIONS = 1_000_000;

/** The run of a program that a user asked for, in stretches. Throws `InputError` for what cannot be read, or be run. */
export const checkedProgram = (
  { request, budgetInstructions }: ProgramRun,
  checkInstructions: number,
  written?: ProcessHooks['written'],
): CheckedRun =>
  new CheckedRun(programStarter({ ...readProgram(request), recorded: 'stores' }), {
    checkInstructions,
    budgetInstructions,
    ...(written && { written }),
  });
