import type { InjectedFault } from '../../explore/faults.ts';
import { type FaultyRun, injectEviction, injectPowerLoss, injectTornWrite } from '../../explore/injection.ts';
import type { Reproduction } from '../../explore/reproduction.ts';
import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { InputError } from '../../kernel/errors.ts';
import { writeCrashFiles } from '../../node/crash-files.ts';
import { foldOne, indexOfMark } from '../../node/fold-run.ts';
import { type Judgement, judgeImage } from '../../node/judge-image.ts';
import type { RunFile } from '../../node/run-file.ts';
import {
  type JsonRecord,
  persistentMemory,
  type RecordingHeader,
  RecordingWriter,
} from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { writeWhole } from '../output-file.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import type { InjectOptions } from './inject-options.ts';

/** What is put into a run of the persistent-memory machine. */
export interface MemoryInjection extends InjectOptions {
  readonly fault: InjectedFault;
  readonly output: string;
}

/** A run of the persistent-memory machine with a fault in it. */
export async function injectMemory(io: Io, run: RunFile, options: MemoryInjection): Promise<number> {
  const { fault, output, check, checkTimeout, image, json = false } = options;
  refuseMisplaced(options);
  const { before, rest, index } = await splitAt(run, options);
  const header = headerWith(run.header, options, index);
  const { events, state } = faulty(header, before, rest, options);
  const markers = events.flatMap((event) => (event.kind === 'marker.passed' ? [event.name] : []));
  const judgement = check === undefined ? undefined : await judgeImage(check, state, markers, checkTimeout);
  const verdict = check !== undefined && judgement ? verdictLine(check, judgement, state) : undefined;
  const images = await writeWhole(output, async (temporary) => {
    const writer = await RecordingWriter.open(temporary, persistentMemory, header);
    await writer.write({ firstIndex: 0, events });
    await writer.end(verdict as JsonRecord | undefined);
    return image === undefined ? [] : writeCrashFiles(state, image);
  });
  const found = {
    command: 'inject',
    file: run.name,
    recording: output,
    fault,
    at: index,
    platform: state.configuration.platform,
    events: events.length,
    addedEvents: added(events, before, options.goOn === true ? rest : []),
    imageDigest: state.domain.digest.hex(),
    images,
    judgement: judgement && {
      checker: check,
      kind: judgement.verdict.kind,
      reason: judgement.verdict.reason,
    },
  };
  print(io.stdout, json, found, () => [
    `${output}: ${fault} after ${index} events of ${run.name}; ${events.length} events, platform ${state.configuration.platform}`,
    `image digest ${found.imageDigest}`,
    ...images.map(
      (written) => `image ${written.path}: ${written.sizeBytes} bytes of ${printable(written.file)}`,
    ),
    ...(judgement
      ? [
          `judged: ${judgement.verdict.kind}${judgement.verdict.reason ? `: ${printable(judgement.verdict.reason)}` : ''}`,
        ]
      : []),
  ]);
  if (judgement === undefined || judgement.verdict.kind === 'consistent') return STATUS.clean;
  return judgement.verdict.kind === 'violating' ? STATUS.violation : STATUS.undecided;
}

/** Options that say nothing of this fault are a mistake. */
function refuseMisplaced({ fault, survivors, line, atoms, goOn, check, image }: MemoryInjection): void {
  const losesPower = fault === 'power-loss' || fault === 'adr-failure';
  const refuse = (option: string, faults: string): never => {
    throw new InputError(`${option} goes with --fault ${faults}, not with ${fault}: leave it out`);
  };
  if (survivors !== undefined && !losesPower) refuse('--survivors', 'power-loss and adr-failure');
  if (line !== undefined && losesPower) refuse('--line', 'eviction and torn-write');
  if (atoms !== undefined && fault !== 'torn-write') refuse('--atoms', 'torn-write');
  if (goOn && fault !== 'eviction') refuse('--go-on', 'eviction');
  if (check !== undefined && fault === 'eviction')
    refuse('--check', 'power-loss, adr-failure and torn-write');
  if (image !== undefined && fault === 'eviction')
    refuse('--image', 'power-loss, adr-failure and torn-write');
  if (line === undefined && !losesPower)
    throw new InputError(`--fault ${fault} needs --line ADDRESS; tearline show tells the lines`);
  if (atoms === undefined && fault === 'torn-write') {
    throw new InputError(
      '--fault torn-write needs --atoms: which atoms of the line are written, such as 0,3',
    );
  }
}

/** The events before the fault, and those after it where they are wanted. */
async function splitAt(
  run: RunFile,
  { at, goOn = false }: MemoryInjection,
): Promise<{ before: MemoryEvent[]; rest: MemoryEvent[]; index: number }> {
  const events: MemoryEvent[] = [];
  const isEnd = at.fromEnd && at.events === 0;
  const to = isEnd ? undefined : await indexOfMark(run, at);
  const state = persistentMemory.initial(run.header.configuration);
  let lostAt: number | undefined;
  for await (const batch of run.batches(goOn ? undefined : to)) {
    for (const event of batch.events) {
      foldOne(run, state, event, events.length);
      if (event.kind === 'power.lost') lostAt ??= events.length;
      events.push(event);
    }
  }
  const index = to ?? events.length;
  if (index > events.length) {
    throw new InputError(
      `${run.name} has ${events.length} events: ${index} lies behind its end; give 0 to ${events.length}, or end`,
    );
  }
  if (lostAt !== undefined && lostAt < index) {
    throw new InputError(`${run.name} lost its power in event ${lostAt}: give --at 0 to ${lostAt}`);
  }
  return { before: events.slice(0, index), rest: events.slice(index), index };
}

/** How many events at the beginning are those of the program, when a fault comes after so many. */
const programEvents = ({ policy }: RecordingHeader, index: number): number =>
  Math.min(index, typeof policy.programEvents === 'number' ? policy.programEvents : index);

function headerWith(
  header: RecordingHeader,
  { fault, survivors, line, atoms }: MemoryInjection,
  index: number,
): RecordingHeader {
  const { platform } = persistentMemory.initial(header.configuration).configuration;
  if (fault === 'adr-failure' && platform !== 'P1') {
    throw new InputError(
      `adr-failure needs a run on P1, where ADR saves the queues; this one is on ${platform}`,
    );
  }
  const policy = { fault, at: index, survivors: survivors ?? null, line: line ?? null, atoms: atoms ?? null };
  return {
    ...header,
    scenario: `${header.scenario}, ${fault} after ${index} events`,
    configuration:
      fault === 'adr-failure' ? { ...header.configuration, platform: 'P1f' } : header.configuration,
    policy: {
      ...header.policy,
      ...(header.policy.program !== undefined && { programEvents: programEvents(header, index) }),
      injected: policy,
    },
  };
}

function faulty(
  header: RecordingHeader,
  before: readonly MemoryEvent[],
  rest: readonly MemoryEvent[],
  { fault, survivors = 'none', line = '', atoms = [] }: MemoryInjection,
): FaultyRun {
  const fresh = (): MemoryState => persistentMemory.initial(header.configuration);
  switch (fault) {
    case 'power-loss':
    case 'adr-failure':
      return injectPowerLoss(fresh, before, survivors);
    case 'eviction':
      return injectEviction(fresh, before, line, rest);
    case 'torn-write':
      return injectTornWrite(fresh, before, line, atoms);
  }
}

function verdictLine(
  checker: string,
  { verdict, promise, checkerDigest }: Judgement,
  state: MemoryState,
): Reproduction {
  return {
    kind: verdict.kind,
    reason: verdict.reason ?? null,
    imageDigest: state.domain.digest.hex(),
    checker,
    checkerKind: 'module',
    checkerDigest,
    promise,
    cause: null,
    explanation: null,
  };
}

/** How many events the fault and what leads to it brought. */
const added = (events: readonly unknown[], before: readonly unknown[], rest: readonly unknown[]): number =>
  events.length - before.length - rest.length;
