import type { MachineConfiguration, Platform } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { fileAt } from '../hardware/persistent-memory/state.ts';
import type { Cause, PieceReference } from './cause.ts';
import type { Defect } from './explain.ts';
import type { Findings, Group } from './findings.ts';
import type { Limits, Shard } from './limits.ts';
import type { ClassResult } from './shard-run.ts';
import type { TallyReport } from './tally.ts';
import type { VulnerableWindow } from './windows.ts';

/** Raised when a member of the report changes its meaning or goes away. */
export const REPORT_SCHEMA_VERSION = 1;

/** How a campaign ended; of several that apply, the first one here. */
export type Outcome = 'violating' | 'interrupted' | 'undecided' | 'incomplete' | 'clean' | 'explored';

/** What a campaign found: the object that `--json` prints. */
export interface CampaignReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly command: 'campaign' | 'merge';
  readonly log: string;
  readonly fault: 'power-loss';
  readonly platform: Platform;
  /** The checker as it was given; null when the images were only counted. */
  readonly checker: string | null;
  /** What the checker is; null when the images were only counted. */
  readonly checkerKind: 'module' | 'command' | 'server' | 'recovery' | null;
  readonly seed: string;
  readonly shard: Shard;
  readonly limits: Limits;
  /** Stores, flushes, fences, hints and markers. */
  readonly operations: number;
  readonly events: number;
  readonly crashPoints: number;
  readonly images: {
    /** Decimal; null from 2^128 on. */
    readonly combinations: string | null;
    readonly combinationsLog2: number;
    /** Classes: distinct images, or pairs of image and promise. Of this shard. */
    readonly distinct: number;
    readonly checked: number;
    readonly consistent: number;
    readonly violating: number;
    /** The checker hung, crashed or talked nonsense. */
    readonly undecided: number;
    /** Every image of every point was visited, and judged when there is a checker. */
    readonly complete: boolean;
  };
  readonly outcome: Outcome;
  readonly groups: readonly GroupReport[];
  readonly undecided: readonly {
    readonly kind: string;
    readonly images: number;
    readonly index: number;
    readonly reason: string;
  }[];
  /** What was sampled where images were too many; null when every image was visited. */
  readonly incomplete: (NonNullable<TallyReport['incomplete']> & { readonly strategy: string }) | null;
  /** Stretches of the run in which a crash can leave a violating image. */
  readonly windows: readonly VulnerableWindow[];
  /** What a user should know of the run that was read: what was left out of it, and why. */
  readonly notes: readonly string[];
  readonly elapsedMs: number;
}

export interface GroupReport {
  /** The stores that were early and missing, by stack frame and marker. */
  readonly cause: string;
  readonly defect: Defect | null;
  readonly images: number;
  readonly explanation: string;
  /** Whether the violations show only when recovery is crashed again: the stores, and their events, are those of recovery. */
  readonly inRecovery: boolean;
  /** The stores that the cause is about, as data; empty where no cause was found. */
  readonly stores?: readonly StoreReport[];
  readonly witness: {
    /** Events folded before the crash. */
    readonly index: number;
    /** What the checker said. */
    readonly reason: string;
    /** What survives beyond the persistence domain: of each line the number of durable pieces of each atom. */
    readonly survivors: readonly {
      readonly file: string;
      readonly fileOffset: number;
      readonly durable: readonly number[];
    }[];
    readonly promise: unknown;
    /** The recording that reproduces it; null when none was written. */
    readonly recording: string | null;
    readonly events: number | null;
    readonly imageDigest: string | null;
  };
}

/** A store that was durable too early, or missing. */
export interface StoreReport {
  readonly role: 'early' | 'missing';
  /** Innermost stack frame, `main (program.c:86)`; null where the log has none. */
  readonly source: string | null;
  /** Index of the event that made it visible. */
  readonly event: number;
  readonly file: string;
  /** Of its 8-byte atom. */
  readonly fileOffset: number;
  /** Markers open when it was stored, outermost first. */
  readonly markers: readonly string[];
}

/** Exit status of a campaign. */
export function exitStatusOf(outcome: Outcome): 0 | 1 | 2 | 130 {
  switch (outcome) {
    case 'violating':
      return 1;
    case 'interrupted':
      return 130;
    case 'undecided':
    case 'incomplete':
      return 2;
    default:
      return 0;
  }
}

/** The outcome that the numbers add up to. */
export function outcomeOf(
  findings: Findings,
  complete: boolean,
  interrupted: boolean,
  hasChecker: boolean,
): Outcome {
  if (findings.violating > 0) return 'violating';
  if (interrupted) return 'interrupted';
  if (findings.undecidedImages > 0) return 'undecided';
  if (!complete) return 'incomplete';
  return hasChecker ? 'clean' : 'explored';
}

/** What survives of a class, by file and offset instead of by line number. */
export function namedSurvivors(
  state: MemoryState,
  configuration: MachineConfiguration,
  result: ClassResult,
): GroupReport['witness']['survivors'] {
  return result.survivors.map(({ line, durable }) => {
    const found = fileAt(state, line * configuration.lineBytes);
    return { file: found?.file.name ?? '', fileOffset: found?.offset ?? 0, durable };
  });
}

/** The stores of a cause, by file and offset, in the order of the run. */
export function namedStores(state: MemoryState, cause: Cause | undefined): StoreReport[] {
  if (cause === undefined) return [];
  const named = (
    role: StoreReport['role'],
    { source, event, address, markers }: PieceReference,
  ): StoreReport => {
    const found = fileAt(state, address);
    const place = { file: found?.file.name ?? '', fileOffset: found?.offset ?? 0 };
    return { role, source: source ?? null, event, ...place, markers };
  };
  return [
    ...cause.early.map((piece) => named('early', piece)),
    ...cause.missing.map((piece) => named('missing', piece)),
  ].sort((one, other) => one.event - other.event);
}

/** The texts of a group of which no witness could be made. */
export const unexplained = (group: Group): string =>
  `The checker says: ${group.smallest.reason ?? 'nothing'}. ${
    group.smallest.cause === undefined
      ? 'Its answers on neighbouring images did not tell a cause.'
      : 'No witness of it was made.'
  }`;
