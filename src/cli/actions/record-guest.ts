import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import { InputError } from '../../kernel/errors.ts';
import { recordProgramDigests } from '../../node/program-digest-recording.ts';
import { recordProgramRun } from '../../node/program-recording.ts';
import { standardInput } from '../../node/standard-input.ts';
import type { Recorded } from '../../processor/processor.ts';
import { type GuestOptions, requestOf } from '../guest-options.ts';
import { interruptible } from '../interruptible.ts';
import { print } from '../print.ts';
import { outputName, recordingTarget } from '../recording-target.ts';
import { type Io, STATUS } from '../session.ts';

/** What is kept of a program's run: events, with which of its stores and loads; or digests of all that it does. */
export type RecordedEvents = Recorded | 'none';

export interface RecordGuestOptions extends GuestOptions {
  readonly output: string;
  readonly seed?: bigint;
  readonly platform?: Platform;
  readonly events?: RecordedEvents;
  readonly budget: number;
  readonly json?: boolean;
}

/** Runs a program as a guest and records what it does. What it writes is passed on. */
export async function recordGuest(
  io: Io,
  command: readonly string[],
  options: RecordGuestOptions,
): Promise<number> {
  const { output, seed = 0n, budget: budgetInstructions, json = false } = options;
  if (json && output === '-')
    throw new InputError('standard output cannot take both --json and the recording: give -o a file');
  const events = eventsOf(options);
  const { platform = 'P1' } = options;
  // Its standard output must not run into what is printed there.
  const guestOutput = json || output === '-' ? io.stderr : io.stdout;
  const stdin =
    options.stdin === undefined ? undefined : await standardInput('--stdin', options.stdin, io.stdin);
  let interrupted = false;
  const { notes, ...recorded } = await interruptible(async (signal) => {
    const recorder = {
      run: { request: requestOf(command, options, seed, stdin), budgetInstructions },
      target: recordingTarget(io, output),
      signal,
      written: (descriptor: 1 | 2, bytes: Uint8Array) =>
        (descriptor === 1 ? guestOutput : io.stderr).write(bytes),
    };
    const result =
      events === 'none'
        ? await recordProgramDigests(recorder)
        : await recordProgramRun({ ...recorder, platform, recorded: events });
    interrupted = signal.aborted;
    return result;
  });
  const found = {
    command: 'record',
    program: command.join(' '),
    recording: output,
    ...(events !== 'none' && { platform }),
    seed,
    ...recorded,
    end: interrupted ? 'was interrupted' : recorded.end,
    interrupted,
    notes,
  };
  const kept =
    'events' in recorded
      ? `${recorded.events} events of ${recorded.instructions.toLocaleString('en')} instructions, platform ${platform}`
      : `digests of ${recorded.instructions.toLocaleString('en')} instructions and ${recorded.operations.toLocaleString('en')} operations on memory`;
  print(json ? io.stdout : io.stderr, json, found, () => [
    `${outputName(output)}: ${kept}, seed 0x${seed.toString(16)}; ` +
      (interrupted ? 'interrupted, what was recorded is kept' : `it ${recorded.end}`),
    ...notes.map((note) => `note: ${note}`),
  ]);
  return interrupted ? STATUS.interrupted : STATUS.clean;
}

/** Throws `InputError`. */
function eventsOf({ events, pmem, platform }: RecordGuestOptions): RecordedEvents {
  if (events === 'none' && platform !== undefined)
    throw new InputError('--platform is of the events of persistent memory: leave it out, or --events none');
  return events ?? (pmem.length > 0 || platform !== undefined ? 'persistent' : 'none');
}
