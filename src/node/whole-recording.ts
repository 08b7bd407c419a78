import { InputError } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import { systemError } from '../recordings/errors.ts';
import {
  type JsonRecord,
  type RecordingHeader,
  type RecordingType,
  RecordingWriter,
} from '../recordings/recordings.ts';
import { newFile } from './new-file.ts';

/** A run that is over, to be written. */
export interface WholeRun<Event> {
  readonly header: RecordingHeader;
  readonly events: readonly Event[];
  readonly verdict: JsonRecord;
}

/** Writes the recording of a run that is over: it appears under its name when it is complete. Throws `InputError`. */
export async function writeWholeRecording<State extends object, Event extends AnyEvent>(
  path: string,
  type: RecordingType<State, Event>,
  { header, events, verdict }: WholeRun<Event>,
): Promise<void> {
  const file = newFile(path);
  try {
    const writer = await RecordingWriter.open(file.path, type, header);
    await writer.write({ firstIndex: 0, events });
    await writer.end(verdict);
    file.keep();
  } catch (error) {
    file.drop();
    const told = systemError(`cannot write ${path}`, error);
    throw told instanceof InputError ? new InputError(told.message.replaceAll(file.path, path)) : told;
  }
}
