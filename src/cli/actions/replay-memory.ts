import { type Reproduction, reproductionOf } from '../../explore/reproduction.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { InputError } from '../../kernel/errors.ts';
import { type Judgement, judgeImage } from '../../node/judge-image.ts';
import { persistentMemory, type Replayed, replayRecording } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { foldJson, foldText, type ReplayOptions, type ReplaySource } from './replay-source.ts';

/** Folds a recording of the persistent-memory machine and compares what it leads to with what it says. */
export async function replayMemory(
  io: Io,
  { name, source, to }: ReplaySource,
  { verify = false, check, checkTimeout, json = false }: ReplayOptions,
): Promise<number> {
  const markers: string[] = [];
  const replayed = await replayRecording(source, persistentMemory, {
    ...(to !== undefined && { to }),
    onBatch: ({ events }) => {
      for (const event of events) if (event.kind === 'marker.passed') markers.push(event.name);
    },
  });
  const reproduction = reproductionIn(name, replayed);
  const { state, divergence } = replayed;
  const judgement =
    check === undefined || divergence !== undefined
      ? undefined
      : await judgeImage(check, state, markers, checkTimeout);
  const changes = judgement && reproduction ? changesSince(reproduction, judgement) : [];
  const digestMatches = reproduction && state.domain.digest.hex() === reproduction.imageDigest;
  const found = { name, replayed, reproduction, digestMatches, check, judgement, changes };
  const status = statusOf(found, verify);
  print(io.stdout, json, jsonOf(found, status), () => textOf(found));
  return status;
}

interface Found {
  readonly name: string;
  readonly replayed: Replayed<MemoryState>;
  readonly reproduction: Reproduction | undefined;
  /** Whether the crash image is that of the reproduction. */
  readonly digestMatches: boolean | undefined;
  readonly check: string | undefined;
  readonly judgement: Judgement | undefined;
  readonly changes: readonly string[];
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

function statusOf({ replayed, reproduction, digestMatches, judgement }: Found, verify: boolean): number {
  if (replayed.divergence !== undefined || digestMatches === false) return STATUS.nondeterminism;
  const kind = judgement?.verdict.kind ?? reproduction?.kind ?? 'consistent';
  if (kind === 'violating') return STATUS.violation;
  if (kind !== 'consistent') return STATUS.undecided;
  return verify && replayed.verified < replayed.index && replayed.cut !== undefined
    ? STATUS.undecided
    : STATUS.clean;
}

function jsonOf(
  { name, replayed, reproduction, digestMatches, check, judgement, changes }: Found,
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

function textOf({ name, replayed, reproduction, digestMatches, judgement, changes }: Found): string[] {
  const { header, state, index, divergence } = replayed;
  const lines = [
    `${name}: ${index} events of ${printable(header.scenario)}, platform ${state.configuration.platform}, seed 0x${header.seed.toString(16)}`,
  ];
  lines.push(...foldText(replayed));
  if (divergence !== undefined) return lines;
  lines.push(`image digest ${state.domain.digest.hex()}`);
  if (reproduction !== undefined) lines.push(...reproductionText(reproduction, digestMatches === true));
  if (judgement !== undefined) {
    lines.push(`judged now: ${verdictText(judgement.verdict.kind, judgement.verdict.reason)}`);
    if (reproduction !== undefined && changes.length === 0) lines.push('as it was recorded');
    lines.push(...changes.map((change) => `changed: ${printable(change)}`));
  }
  return lines;
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
