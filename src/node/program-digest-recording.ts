import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../kernel/errors.ts';
import { programRun, RecordingWriter, recordingHeader } from '../recordings/recordings.ts';
import { CHECK_INSTRUCTIONS, checkedProgram } from './checked-program.ts';
import { programInputs } from './program-digest.ts';
import { jsonOf, type ProgramRecorder } from './program-recording.ts';
import { commandText } from './program-request.ts';

export interface DigestedProgram {
  /** Lines of digests, with the closing one. */
  readonly lines: number;
  readonly operations: number;
  readonly instructions: number;
  /** How it ended, in words. */
  readonly end: string;
  readonly notes: readonly string[];
}

/**
 * Runs a program as a guest and records its inputs, and digests of all that it does. Throws `InputError` for a program that
 * cannot be run, cannot go on, or does not end.
 */
export async function recordProgramDigests({
  run,
  target,
  signal,
  written,
}: ProgramRecorder): Promise<DigestedProgram> {
  const { request } = run;
  const name = commandText(request);
  const checked = checkedProgram(run, CHECK_INSTRUCTIONS, written);
  const header = recordingHeader(programRun, {
    scenario: `program ${name}`,
    seed: BigInt(request.seed),
    policy: { program: jsonOf(run), checkInstructions: CHECK_INSTRUCTIONS },
    inputs: programInputs(request),
  });
  const writer = await RecordingWriter.open(target, programRun, header);
  let lines = 0;
  let operations = 0;
  for (let event = checked.next(); event !== undefined; event = checked.next()) {
    await writer.write({ firstIndex: lines++, events: [event] });
    if (event.kind === 'stretch.executed') operations = event.operations;
    await nextTurn();
    if (signal.aborted) break;
  }
  await writer.end();
  const { end, endText, process } = checked;
  if (end?.why === 'unsupported') throw new InputError(`${name} ${endText}`);
  if (end === undefined && !signal.aborted)
    throw new InputError(`${name} ${endText}; --budget gives it more`);
  const notes = [...process.unknownSystemCalls].map(
    ([call, count]) => `${name} was told that there is no system call ${call} (${count} times)`,
  );
  return { lines, operations, instructions: process.processor.instructions, end: endText, notes };
}
