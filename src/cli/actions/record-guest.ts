import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import { InputError } from '../../kernel/errors.ts';
import { recordProgramRun } from '../../node/program-recording.ts';
import { type GuestOptions, requestOf } from '../guest-options.ts';
import { interruptible } from '../interruptible.ts';
import { print } from '../print.ts';
import { outputName, recordingTarget } from '../recording-target.ts';
import { type Io, STATUS } from '../session.ts';

export interface RecordGuestOptions extends GuestOptions {
  readonly output: string;
  readonly seed?: bigint;
  readonly platform?: Platform;
  readonly budget: number;
  readonly json?: boolean;
}

/** Runs a program as a guest and records what it does to its persistent memory. What it writes is passed on. */
export async function recordGuest(
  io: Io,
  command: readonly string[],
  options: RecordGuestOptions,
): Promise<number> {
  const { output, seed = 0n, platform = 'P1', budget: budgetInstructions, json = false } = options;
  if (json && output === '-')
    throw new InputError('standard output cannot take both --json and the recording: give -o a file');
  // Its standard output must not run into what is printed there.
  const guestOutput = json || output === '-' ? io.stderr : io.stdout;
  let interrupted = false;
  const recorded = await interruptible(async (signal) => {
    const result = await recordProgramRun({
      run: { request: requestOf(command, options, seed), budgetInstructions },
      platform,
      target: recordingTarget(io, output),
      signal,
      written: (descriptor, bytes) => (descriptor === 1 ? guestOutput : io.stderr).write(bytes),
    });
    interrupted = signal.aborted;
    return result;
  });
  const { events, stores, instructions, end, notes, digest } = recorded;
  const found = {
    command: 'record',
    program: command.join(' '),
    recording: output,
    platform,
    seed,
    instructions,
    stores,
    events,
    end: interrupted ? 'was interrupted' : end,
    interrupted,
    notes,
    digest,
  };
  print(json ? io.stdout : io.stderr, json, found, () => [
    `${outputName(output)}: ${events} events of ${instructions.toLocaleString('en')} instructions, platform ${platform}, ` +
      `seed 0x${seed.toString(16)}; ${interrupted ? 'interrupted, what was recorded is kept' : `it ${end}`}`,
    ...notes.map((note) => `note: ${note}`),
  ]);
  return interrupted ? STATUS.interrupted : STATUS.clean;
}
