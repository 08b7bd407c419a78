import type { EventCodec } from '../kernel/event-json.ts';
import type { AnyEvent, EventTable } from '../kernel/event-table.ts';
import type { Model } from '../kernel/model.ts';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
export interface JsonRecord {
  readonly [key: string]: Json;
}

/** All that has to be known of a machine to record and replay it. */
export interface RecordingType<State extends object, Event extends AnyEvent> {
  readonly model: Model<State, Event>;
  readonly table: EventTable;
  readonly codec: EventCodec<Event>;
  /** The state before the first event. Throws `InputError` for a configuration that no machine can have. */
  readonly initial: (configuration: JsonRecord) => State;
}

/** Members of a line that are not the event's own. */
export const ENVELOPE = ['index'] as const;
