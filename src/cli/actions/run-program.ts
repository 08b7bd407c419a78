import { fstatSync, statSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import type { GuestProcess, ProcessEnd, ProcessHooks } from '../../guests/programs/guest-process.ts';
import { describeInstruction } from '../../guests/programs/instruction-names.ts';
import { OperationCounts } from '../../guests/programs/operation-counts.ts';
import { descriptorInput, streamInput } from '../../node/program-input.ts';
import { writeDescriptor } from '../../node/program-output.ts';
import { type ProgramRequest, readProgram } from '../../node/program-request.ts';
import { programStarter } from '../../node/program-starter.ts';
import { systemError } from '../../recordings/errors.ts';
import { requestOf, type SurroundingOptions } from '../guest-options.ts';
import { type Io, STATUS } from '../session.ts';

/** The options of `run` as commander gives them. */
export interface RunProgramOptions extends SurroundingOptions {
  readonly seed: bigint;
  readonly instructionsMax: number;
  readonly savePmem?: true;
  readonly stats?: true;
}

/** How long the program runs before signals and closed pipes are looked at. */
const SLICE_MS = 50;
const FIRST_SLICE_INSTRUCTIONS = 10_000;
const SLICE_INSTRUCTIONS_MAX = 100_000_000;

/** Runs a program as a guest; returns its exit status. */
export async function runProgram(
  io: Io,
  command: readonly string[],
  options: RunProgramOptions,
): Promise<number> {
  const request = requestOf(command, options, options.seed);
  const counts = new OperationCounts();
  const streams = io.isProcess === true ? OWN_STREAMS : await streamsOf(io);
  const terminals = io.isProcess === true ? ownTerminals() : [];
  const program = { ...readProgram(request), terminals };
  const process = programStarter(program)({
    ...streams,
    ...(options.stats === true && { operations: (records) => counts.add(records) }),
  });
  const startedMs = performance.now();
  await runToEnd(process, options.instructionsMax);
  const elapsedMs = performance.now() - startedMs;
  if (options.savePmem === true) await save(process, request);
  const tell = (line: string): boolean => io.stderr.write(`tearline: ${line}\n`);
  if (options.stats === true) for (const line of statistics(process, counts, elapsedMs)) tell(line);
  for (const [name, count] of process.unknownSystemCalls) {
    tell(
      `${command[0]}: ${name} is not supported yet: it was told so ${count === 1 ? 'once' : `${count} times`}`,
    );
  }
  const { status, message } = outcome(process.end, options.instructionsMax);
  if (message !== undefined) {
    const { instructionPointer } = process.processor;
    const place = wasStopped(process.end) && describeInstruction(program.executable, instructionPointer);
    tell(`${command[0]}: ${message}${place ? `, in ${place}` : ''}`);
  }
  return status;
}

/** How a program reads and writes. */
type Streams = Pick<ProcessHooks, 'readInput' | 'written'>;

const OWN_STREAMS: Streams = {
  readInput: descriptorInput(0),
  written: (descriptor, bytes) =>
    writeDescriptor(descriptor, bytes, descriptor === 1 ? 'standard output' : 'standard error'),
};

const streamsOf = async (io: Io): Promise<Streams> => ({
  readInput: await streamInput(io.stdin),
  written: (descriptor, bytes) => void (descriptor === 1 ? io.stdout : io.stderr).write(bytes),
});

/** Whether one is a terminal is asked of devices alone, since loading what answers takes time. */
function ownTerminals(): (0 | 1 | 2)[] {
  const devices = ([0, 1, 2] as const).filter(isDevice);
  return devices.length === 0 ? [] : devices.filter(globalThis.process.getBuiltinModule('node:tty').isatty);
}

/** Other than /dev/null. False for a descriptor that is closed. */
function isDevice(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    return status.isCharacterDevice() && status.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}

async function runToEnd(process: GuestProcess, instructionsMax: number): Promise<void> {
  let slice = FIRST_SLICE_INSTRUCTIONS;
  for (;;) {
    const startedMs = performance.now();
    const until = Math.min(process.processor.instructions + slice, instructionsMax);
    if (process.run(until) === 'ended' || until === instructionsMax) return;
    const wasShort = performance.now() - startedMs < SLICE_MS / 2;
    if (wasShort) slice = Math.min(2 * slice, SLICE_INSTRUCTIONS_MAX);
    await new Promise(setImmediate);
  }
}

async function save(process: GuestProcess, { persistentFiles }: ProgramRequest): Promise<void> {
  const { writeWhole } = await import('../output-file.ts');
  for (const { host, guest } of persistentFiles) {
    const contents = process.contents(guest);
    if (contents === undefined) continue;
    await writeWhole(host, async (temporary) => {
      try {
        writeFileSync(temporary, contents);
      } catch (error) {
        throw systemError(`cannot write ${host}`, error);
      }
    });
  }
}

/** Whether an instruction ended it, rather than a signal that it was sent. */
const wasStopped = (end: ProcessEnd | undefined): boolean =>
  end?.why === 'killed' && end.reason !== undefined;

function outcome(
  end: ProcessEnd | undefined,
  instructionsMax: number,
): { status: number; message: string | undefined } {
  if (end === undefined) {
    return { status: STATUS.undecided, message: `did not end within ${instructionsMax} instructions` };
  }
  switch (end.why) {
    case 'exited':
      return { status: end.status, message: undefined };
    case 'killed':
      return {
        status: 128 + end.signal,
        message: end.reason === undefined ? undefined : `${end.signalName}: ${end.reason}`,
      };
    case 'blocked':
      return { status: STATUS.undecided, message: `waits for ever: ${end.reason}` };
    case 'unsupported':
      return { status: STATUS.undecided, message: `cannot go on: ${end.reason}` };
  }
}

function statistics(process: GuestProcess, counts: OperationCounts, elapsedMs: number): string[] {
  const { instructions } = process.processor;
  const millions = instructions / 1000 / Math.max(1, elapsedMs);
  return [
    `${instructions} instructions in ${(elapsedMs / 1000).toFixed(2)} s (${millions.toFixed(1)} million a second), ${process.systemCalls} system calls`,
    `persistent memory: ${counts.stores} stores (${counts.nonTemporalStores} of them non-temporal), ${counts.flushes} flushes, ${counts.fences} fences, ${counts.locked} locked instructions`,
  ];
}
