import { type Reproduction, reproductionOf } from '../../explore/reproduction.ts';
import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { InputError } from '../../kernel/errors.ts';
import { type Judgement, judgeImage } from '../../node/judge-image.ts';
import { judgeByRecovery, recordedRecovery } from '../../node/judge-recovery.ts';
import type { ProgramComparison } from '../../node/program-comparison.ts';
import type { RecordedProgram } from '../../node/recorded-program.ts';
import { persistentMemory, type Replayed, replayRecording } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { foldJson, foldText, type ReplayOptions, type ReplaySource } from './replay-source.ts';

/** A recording of the persistent-memory machine. */
export interface MemorySource extends ReplaySource {
  /** The program that it is of, if any. */
  readonly program: RecordedProgram | undefined;
}

/** Folds a recording of the persistent-memory machine and compares what it leads to with what it says. */
export async function replayMemory(
  io: Io,
  { name, source, to, program }: MemorySource,
  { verify = false, check, checkTimeout, json = false }: ReplayOptions,
): Promise<number> {
  const markers: string[] = [];
  const comparison = program && program.obstacle === undefined ? await compareWith(program) : undefined;
  const replayed = await replayRecording(source, persistentMemory, {
    ...(to !== undefined && { to }),
    onBatch: ({ events }) => {
      comparison?.push(events);
      for (const event of events) if (event.kind === 'marker.passed') markers.push(event.name);
    },
  });
  const reproduction = reproductionIn(name, replayed);
  const { state, divergence } = replayed;
  const judged =
    divergence !== undefined
      ? undefined
      : check !== undefined
        ? await judgeImage(check, state, markers, checkTimeout)
        : await recoveredAnew(name, replayed, markers);
  const notJudged = typeof judged === 'string' ? judged : undefined;
  const judgement = typeof judged === 'string' ? undefined : judged;
  const changes = judgement && reproduction ? changesSince(reproduction, judgement) : [];
  const digestMatches = reproduction && state.domain.digest.hex() === reproduction.imageDigest;
  const rerun = program && { obstacle: program.obstacle, comparison };
  const found = { name, replayed, rerun, reproduction, digestMatches, check, judgement, notJudged, changes };
  const status = statusOf(found, verify);
  print(io.stdout, json, jsonOf(found, status), () => textOf(found));
  return status;
}

/** The processor of programs is loaded only for them: it is large. */
async function compareWith(program: RecordedProgram): Promise<ProgramComparison> {
  const { ProgramComparison } = await import('../../node/program-comparison.ts');
  return new ProgramComparison(program);
}

interface Found {
  readonly name: string;
  readonly replayed: Replayed<MemoryState>;
  /** Of a program’s run: what came of running it again, or why that could not be done. */
  readonly rerun:
    | { readonly obstacle: string | undefined; readonly comparison: ProgramComparison | undefined }
    | undefined;
  readonly reproduction: Reproduction | undefined;
  /** Whether the crash image is that of the reproduction. */
  readonly digestMatches: boolean | undefined;
  readonly check: string | undefined;
  readonly judgement: Judgement | undefined;
  /** Why the witness of a program could not be judged again. */
  readonly notJudged: string | undefined;
  readonly changes: readonly string[];
}

/** Of the witness of a campaign on a program: what the recovery makes of its image now, or why that cannot be known. */
async function recoveredAnew(
  name: string,
  { verdict, state, cut }: Replayed<MemoryState>,
  markers: readonly string[],
): Promise<Judgement | string | undefined> {
  if (verdict === undefined || cut !== undefined) return undefined;
  const recovery = recordedRecovery(name, verdict);
  return recovery && judgeByRecovery(recovery, state, markers);
}

function reproductionIn(name: string, { verdict }: Replayed<MemoryState>): Reproduction | undefined {
  if (verdict === undefined) return undefined;
  const reproduction = reproductionOf(verdict);
  if (typeof reproduction === 'string')
    throw new InputError(`${name}: ${reproduction}; write the recording again`);
  return reproduction;
}

/** What a checker says today that it did not say when the reproduction was written. */
function changesSince(recorded: Reproduction, { verdict, checkerDigest, promise }: Judgement): string[] {
  const changes: string[] = [];
  if (recorded.checkerDigest !== null && recorded.checkerDigest !== checkerDigest) {
    changes.push(`the checker is not the one of the recording (${recorded.checker ?? 'unnamed'})`);
  }
  if (recorded.kind !== verdict.kind) changes.push(`it was ${recorded.kind} and is ${verdict.kind} now`);
  else if ((verdict.reason ?? null) !== recorded.reason) {
    changes.push(
      `the reason was ${JSON.stringify(recorded.reason)} and is ${JSON.stringify(verdict.reason ?? null)} now`,
    );
  }
  if (JSON.stringify(promise) !== JSON.stringify(recorded.promise)) {
    changes.push(`the promise was ${JSON.stringify(recorded.promise)} and is ${JSON.stringify(promise)} now`);
  }
  return changes;
}

function statusOf(
  { replayed, rerun, reproduction, digestMatches, judgement }: Found,
  verify: boolean,
): number {
  if (replayed.divergence !== undefined || digestMatches === false) return STATUS.nondeterminism;
  if (rerun?.comparison?.departure !== undefined) return STATUS.nondeterminism;
  const kind = judgement?.verdict.kind ?? reproduction?.kind ?? 'consistent';
  if (kind === 'violating') return STATUS.violation;
  if (kind !== 'consistent') return STATUS.undecided;
  return verify && replayed.verified < replayed.index && replayed.cut !== undefined
    ? STATUS.undecided
    : STATUS.clean;
}

function jsonOf(
  { name, replayed, rerun, reproduction, digestMatches, check, judgement, notJudged, changes }: Found,
  status: number,
) {
  const { header, state } = replayed;
  return {
    command: 'replay',
    file: name,
    status,
    model: header.model,
    modelVersion: header.modelVersion,
    scenario: header.scenario,
    platform: state.configuration.platform,
    seed: header.seed,
    ...foldJson(replayed),
    digest: persistentMemory.model.digest(state).hex(),
    imageDigest: state.domain.digest.hex(),
    program: programJson(rerun, reproduction?.checkerKind === 'recovery', notJudged),
    reproduction: reproduction && { ...reproduction, digestMatches },
    judgement: judgement && {
      checker: check,
      checkerDigest: judgement.checkerDigest,
      kind: judgement.verdict.kind,
      reason: judgement.verdict.reason,
      promise: judgement.promise,
      changes,
    },
  };
}

/** Of a program’s run, and of a witness that a program’s recovery judges; else undefined. */
function programJson(rerun: Found['rerun'], isOfRecovery: boolean, notJudged: string | undefined) {
  if (rerun === undefined && !isOfRecovery) return undefined;
  const obstacle = rerun === undefined ? notJudged : rerun.obstacle;
  return {
    runAgain: obstacle === undefined,
    obstacle: obstacle ?? null,
    sameEvents: rerun?.comparison?.index ?? null,
    hasEnded: rerun?.comparison?.hasEnded ?? null,
    departure: rerun?.comparison?.departure ?? null,
  };
}

function textOf(found: Found): string[] {
  const { name, replayed, rerun, reproduction, digestMatches, judgement, notJudged, changes } = found;
  const { header, state, index, divergence } = replayed;
  const lines = [
    `${name}: ${index} events of ${printable(header.scenario)}, platform ${state.configuration.platform}, seed 0x${header.seed.toString(16)}`,
  ];
  lines.push(...foldText(replayed));
  if (divergence !== undefined) return lines;
  if (rerun !== undefined) lines.push(...rerunText(rerun));
  lines.push(`image digest ${state.domain.digest.hex()}`);
  if (reproduction !== undefined) lines.push(...reproductionText(reproduction, digestMatches === true));
  if (judgement !== undefined) {
    lines.push(`judged now: ${verdictText(judgement.verdict.kind, judgement.verdict.reason)}`);
    if (reproduction !== undefined && changes.length === 0) lines.push('as it was recorded');
    lines.push(...changes.map((change) => `changed: ${printable(change)}`));
  }
  if (notJudged !== undefined) lines.push(`not judged again: ${printable(notJudged)}`);
  return lines;
}

function rerunText({ obstacle, comparison }: NonNullable<Found['rerun']>): string[] {
  if (comparison === undefined) return [`the program was not run again: ${printable(obstacle ?? '')}`];
  const { departure, index, hasEnded } = comparison;
  if (departure === undefined)
    return [
      `the program was run again, and did the same ${index} events${hasEnded ? '' : ', which do not reach its end'}`,
    ];
  const told = (event: MemoryEvent | undefined): string =>
    event === undefined ? 'the end of the run' : printable(`{${persistentMemory.codec.encode(event)}}`);
  return [
    `NOT the same: the program was run again, and event ${departure.index} is another one`,
    `  recorded  ${told(departure.recorded)}`,
    `  now       ${told(departure.now)}`,
  ];
}

function reproductionText(
  { kind, reason, cause, explanation, checker }: Reproduction,
  digestMatches: boolean,
): string[] {
  return [
    `recorded verdict: ${verdictText(kind, reason ?? undefined)}${checker === null ? '' : ` (by ${printable(checker)})`}`,
    ...(cause === null ? [] : [`  cause: ${printable(cause)}`]),
    ...(explanation === null ? [] : [`  ${printable(explanation)}`]),
    digestMatches
      ? 'the crash image is the recorded one, byte for byte'
      : 'NOT the same: the crash image is another one than the recorded one',
  ];
}

const verdictText = (kind: string, reason: string | undefined): string =>
  reason === undefined ? kind : `${kind}: ${printable(reason)}`;
