import { InputError } from '../kernel/errors.ts';
import { RECORDED, type Recorded } from '../processor/processor.ts';
import { isRecord } from '../recordings/json-record.ts';
import type { RecordingHeader } from '../recordings/recordings.ts';
import type { ProgramRun } from './campaign-spec.ts';
import { programInputs } from './program-digest.ts';
import { isProgramRequest } from './program-request.ts';

/** The program that a recording is of, when it is one. */
export interface RecordedProgram {
  readonly run: ProgramRun;
  /** Of the machine. */
  readonly configuration: RecordingHeader['configuration'];
  /** Which stores and loads are events. */
  readonly recorded: Recorded;
  /** How many events at the beginning are its own: all, unless a fault was injected. */
  readonly ownEvents: number;
  /** Why it cannot be run again here; undefined when it can. */
  readonly obstacle: string | undefined;
}

/** Throws `InputError` for a header that names a program in no way that is understood. `recording` names it. */
export function recordedProgram(
  recording: string,
  { policy, inputs, configuration }: RecordingHeader,
  command?: readonly string[],
): RecordedProgram | undefined {
  const { program, events = 'persistent', programEvents } = policy;
  if (program === undefined) {
    if (command === undefined) return undefined;
    throw new InputError(`${recording} is of no program: leave out what stands behind --`);
  }
  const asked = programRunIn(program);
  const recorded = RECORDED.find((known) => known === events);
  if (asked === undefined || recorded === undefined)
    throw new InputError(
      `${recording}: its header names a program in no way that is understood; record it again`,
    );
  const run = command === undefined ? asked : { ...asked, request: { ...asked.request, command } };
  const ownEvents = typeof programEvents === 'number' ? programEvents : Number.POSITIVE_INFINITY;
  return {
    run,
    configuration,
    recorded,
    ownEvents,
    obstacle: obstacleOf(run, inputs, command !== undefined),
  };
}

function programRunIn(program: unknown): ProgramRun | undefined {
  if (!isRecord(program)) return undefined;
  const { request, budgetInstructions } = program;
  if (!isProgramRequest(request) || typeof budgetInstructions !== 'number') return undefined;
  return { request, budgetInstructions };
}

/** A program that is named anew may be another one: then the comparison of events says where it differs. */
function obstacleOf(
  { request }: ProgramRun,
  recorded: RecordingHeader['inputs'],
  isNamedAnew: boolean,
): string | undefined {
  try {
    const now = programInputs(request);
    if (isNamedAnew) return undefined;
    if (now.length !== recorded.length) return 'other files are there now than when it was recorded';
    const other = now.find(({ sha256 }, place) => sha256 !== recorded[place].sha256);
    return other && `${other.name} is another file than the one that was recorded`;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
