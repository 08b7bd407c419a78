import { InputError } from '../kernel/errors.ts';
import { shown } from '../kernel/event-table.ts';
import { allMechanisms } from '../mechanisms/all.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { persistentMemory, programRun, type RecordingHeader } from '../recordings/recordings.ts';
import { loadMechanism } from './mechanism-source.ts';

/**
 * The mechanism whose run a recording holds: one that comes with tearline, or a module's. Undefined for a recording of the
 * persistent-memory machine. Throws `InputError` for a mechanism that is not at hand.
 */
export async function recordedMechanism(
  recording: string,
  { model }: RecordingHeader,
  module?: string,
): Promise<Mechanism | undefined> {
  if (module !== undefined) {
    const mechanism = await loadMechanism(module);
    if (mechanism.name === model) return mechanism;
    throw new InputError(
      `${recording} is a recording of ${shown(model)}, and ${module} is the mechanism ${shown(mechanism.name)}`,
    );
  }
  if (model === persistentMemory.model.name) return undefined;
  if (model === programRun.model.name)
    throw new InputError(
      `${recording} holds the digests of a program's run, not its events: replay it, or show it --at-instruction; ` +
        'record --events persistent has the events',
    );
  const known = allMechanisms.find(({ name }) => name === model);
  if (known !== undefined) return known;
  throw new InputError(
    `${recording} is a recording of ${shown(model)}, which does not come with tearline: give its module with --mechanism ./own.mjs`,
  );
}
