import { type RunVerdict, runVerdictOf } from '../explore/fault-campaign/run-verdict.ts';
import { InputError } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import type { Mechanism, Setting } from '../mechanisms/mechanism.ts';
import {
  type JsonRecord,
  mechanismRecording,
  type RecordingHeader,
  type RecordingSource,
  readRecording,
  settingFrom,
} from '../recordings/recordings.ts';
import type { Mark } from './fold-run.ts';

/** A recorded run of a mechanism, as far as it was asked for. */
export interface MechanismRun {
  /** Path of the recording, or `standard input`. */
  readonly name: string;
  readonly mechanism: Mechanism;
  readonly header: RecordingHeader;
  readonly setting: Setting;
  readonly events: readonly AnyEvent[];
  /** Of a recording that was read to its end. */
  readonly verdict: RunVerdict | undefined;
  /** The recorder did not complete it. */
  readonly isCut: boolean;
}

/** Reads a run of a mechanism, up to a mark. Throws `InputError` where the run has no such place. */
export async function readMechanismRun(
  name: string,
  source: RecordingSource,
  mechanism: Mechanism,
): Promise<MechanismRun> {
  let header: RecordingHeader | undefined;
  const events: AnyEvent[] = [];
  let verdict: RunVerdict | undefined;
  let isCut = false;
  for await (const part of readRecording(source, mechanismRecording(mechanism))) {
    if (part.type === 'header') header = part.header;
    else if (part.type === 'events') events.push(...part.events);
    else if (part.type === 'verdict') verdict = runVerdictIn(name, part.verdict);
    else if (part.type === 'cut') isCut = true;
  }
  if (header === undefined) throw new Error('a recording without a header is refused when it is read');
  return {
    name,
    mechanism,
    header,
    setting: settingFrom(mechanism, header.configuration),
    events,
    verdict,
    isCut,
  };
}

/** The verdict of a recording. Throws `InputError`. */
export function runVerdictIn(recording: string, line: JsonRecord): RunVerdict {
  const verdict = runVerdictOf(line);
  if (typeof verdict === 'string')
    throw new InputError(`${recording}: ${verdict}; write the recording again`);
  return verdict;
}

/** How many events of the run a mark means. Throws `InputError` where it has no such place. */
export function eventsUpTo({ name, events }: MechanismRun, { events: count, fromEnd }: Mark): number {
  const { length } = events;
  if (fromEnd && count > length)
    throw new InputError(`${name} has ${length} events: -${count} lies before its beginning`);
  if (!fromEnd && count > length)
    throw new InputError(
      `${name} has ${length} events: ${count} lies behind its end; give 0 to ${length}, or end`,
    );
  return fromEnd ? length - count : count;
}
