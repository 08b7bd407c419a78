import { programRunEvents } from '../../guests/programs/run-events.ts';
import { InputError } from '../../kernel/errors.ts';
import { type DigestDeparture, ProgramDigestComparison } from '../../node/program-digest-comparison.ts';
import type { RecordedProgram } from '../../node/recorded-program.ts';
import {
  type ProgramRunState,
  programRun,
  type RecordingHeader,
  type Replayed,
  replayRecording,
} from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { foldJson, foldText, type ReplayOptions, type ReplaySource } from './replay-source.ts';

export interface ProgramRunSource extends ReplaySource {
  readonly header: RecordingHeader;
  readonly program: RecordedProgram | undefined;
}

/** Makes the run of a program anew and compares its digests with those that were recorded. */
export async function replayProgramRun(
  io: Io,
  { name, source, to, header, program }: ProgramRunSource,
  { verify = false, check, json = false }: ReplayOptions,
): Promise<number> {
  if (check !== undefined)
    throw new InputError(
      `${name} holds digests and no events: --check needs a recording made with --events persistent`,
    );
  const comparison = new ProgramDigestComparison(name, program, header);
  const replayed = await replayRecording(source, programRun, {
    ...(to !== undefined && { to }),
    onBatch: ({ events }) => comparison.push(events),
  });
  const { departure, instructions } = comparison;
  const { state, cut } = replayed;
  const status =
    replayed.divergence !== undefined || departure !== undefined
      ? STATUS.nondeterminism
      : verify && cut !== undefined && replayed.verified < replayed.index
        ? STATUS.undecided
        : STATUS.clean;
  const found = {
    command: 'replay',
    file: name,
    status,
    model: header.model,
    modelVersion: header.modelVersion,
    scenario: header.scenario,
    seed: header.seed,
    ...foldJson(replayed),
    program: { sameInstructions: instructions, hasEnded: state.isOver, departure: departure ?? null },
  };
  print(io.stdout, json, found, () => [
    `${name}: ${replayed.index} lines of digests of ${printable(header.scenario)}, seed 0x${header.seed.toString(16)}`,
    ...(departure === undefined ? sameText(replayed, instructions) : departureText(departure)),
  ]);
  return status;
}

const grouped = (count: number): string => count.toLocaleString('en');

const sameText = (replayed: Replayed<ProgramRunState>, instructions: number): string[] => [
  ...foldText(replayed),
  `the program was run again: ${grouped(instructions)} instructions with the same operations, system calls and output`,
];

function departureText({ between: [after, upTo], recorded, now, fields }: DigestDeparture): string[] {
  const told = (event: DigestDeparture['recorded']): string =>
    event === undefined ? 'the end of the run' : printable(`{${programRun.codec.encode(event)}}`);
  const meanings: Readonly<Record<string, { readonly meaning: string }>> =
    recorded === undefined ? {} : programRunEvents[recorded.kind].fields;
  return [
    `NOT the same: the program was run again, and does something else behind instruction ${grouped(after)}, up to ${grouped(upTo)}`,
    ...fields.map((field) => `  another ${field}${field in meanings ? `: ${meanings[field].meaning}` : ''}`),
    `  recorded  ${told(recorded)}`,
    `  now       ${told(now)}`,
  ];
}
