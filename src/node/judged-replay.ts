import { type Departure, type FoundBreach, JudgedRun } from '../explore/fault-campaign/judged-run.ts';
import type { RunVerdict } from '../explore/fault-campaign/run-verdict.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import {
  mechanismRecording,
  type RecordingSource,
  type Replayed,
  type ReplayOptions,
  replayRecording,
  settingFrom,
} from '../recordings/recordings.ts';
import { runVerdictIn } from './mechanism-run.ts';

/** A replay of a mechanism's run, and what its invariants say of it now. */
export interface JudgedReplay {
  readonly replayed: Replayed<object>;
  /** Null where the recording has none, or was not read to its end. */
  readonly recorded: RunVerdict | null;
  /** What did not hold first; null when all holds, or when the replay went another way. */
  readonly breach: FoundBreach | null;
  /** Where the mechanism would now do something else than was recorded: its own steps are replayed, not decided anew. */
  readonly departure: Departure | null;
  /** What cannot be recovered after the last event. */
  readonly lost: string | null;
  /** Whether the run is judged as it was when it was recorded; null where nothing was recorded or is judged. */
  readonly stands: boolean | null;
}

/**
 * Replays a run of a mechanism and judges it anew, at each event. Throws as `replayRecording`, and `InputError` for a verdict
 * that is not of a mechanism's run.
 */
export async function judgedReplay(
  name: string,
  source: RecordingSource,
  mechanism: Mechanism,
  options: Omit<ReplayOptions<object, AnyEvent>, 'onBatch'> = {},
): Promise<JudgedReplay> {
  const events: AnyEvent[] = [];
  const replayed = await replayRecording(source, mechanismRecording(mechanism), {
    ...options,
    onBatch: (batch) => events.push(...batch.events),
  });
  const recorded = replayed.verdict === undefined ? null : runVerdictIn(name, replayed.verdict);
  if (replayed.divergence !== undefined)
    return { replayed, recorded, breach: null, departure: null, lost: null, stands: null };
  const run = new JudgedRun(mechanism, settingFrom(mechanism, replayed.header.configuration));
  for (const event of events) run.take(event, recorded?.faults);
  if (replayed.verdict !== undefined) goOnAfter(run, recorded?.invariant ?? null);
  const { breach = null, departure = null, lost = null } = run;
  return {
    replayed,
    recorded,
    breach,
    departure,
    lost,
    stands: recorded && standsAs(recorded, replayed.index, breach, lost),
  };
}

/** What has no last event shows in what would come next: an impossible step, a silent end, a circle. */
function goOnAfter(run: JudgedRun, invariant: string | null): void {
  if (invariant === 'legality') run.goOn().next();
  else if (invariant === 'G7') for (const _ of run.goOn());
  else run.end();
}

function standsAs(
  { kind, invariant }: RunVerdict,
  events: number,
  breach: FoundBreach | null,
  lost: string | null,
): boolean {
  if (kind === 'violating')
    return breach?.invariant === invariant && (invariant === 'G7' || breach?.events === events);
  return breach === null && (lost !== null) === (kind === 'unrecoverable');
}
