import {
  MACHINE_DEFECTS,
  type MachineConfiguration,
  machineConfiguration,
} from '../hardware/persistent-memory/configuration.ts';
import { type MemoryEvent, memoryEvents } from '../hardware/persistent-memory/events.ts';
import { memoryModel } from '../hardware/persistent-memory/memory.ts';
import { initialMemory, type MemoryState } from '../hardware/persistent-memory/state.ts';
import { InputError } from '../kernel/errors.ts';
import { eventCodec } from '../kernel/event-json.ts';
import { shown } from '../kernel/event-table.ts';
import { ENVELOPE, type JsonRecord, type RecordingType } from './recording-type.ts';

const TEXTS: ReadonlySet<string> = new Set(['platform', 'defect']);
const NUMBERS: ReadonlySet<string> = new Set([
  'lineBytes',
  'cores',
  'controllers',
  'interleaveBytes',
  'storeBufferEntries',
  'queueLines',
]);

/** Recordings of the persistent-memory machine. */
export const persistentMemory: RecordingType<MemoryState, MemoryEvent> = {
  model: memoryModel,
  table: memoryEvents,
  codec: eventCodec(memoryEvents, ENVELOPE),
  initial: (configuration) => initialMemory(configurationFrom(configuration)),
};

/** Throws `InputError` for anything that is no configuration of the machine. */
function configurationFrom(given: JsonRecord): MachineConfiguration {
  for (const [name, value] of Object.entries(given)) {
    const wanted = TEXTS.has(name) ? 'string' : NUMBERS.has(name) ? 'number' : undefined;
    if (wanted === undefined) throw new InputError(`machine configuration: unknown member ${shown(name)}`);
    if (typeof value !== wanted) throw new InputError(`machine configuration: ${name} must be a ${wanted}`);
  }
  const defect = given.defect;
  if (defect !== undefined && !MACHINE_DEFECTS.some((known) => known === defect)) {
    throw new InputError(`machine configuration: defect must be one of ${MACHINE_DEFECTS.join(', ')}`);
  }
  return machineConfiguration(given as Partial<MachineConfiguration>);
}
