import { join } from 'node:path';
import type { FaultWitness } from '../explore/fault-campaign/fault-witness.ts';
import { verdictOfWitness } from '../explore/fault-campaign/run-verdict.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { settingOf } from '../mechanisms/setting.ts';
import { makeDirectory } from '../recordings/make-directory.ts';
import { mechanismHeader, mechanismRecording } from '../recordings/recordings.ts';
import { writeWholeRecording } from './whole-recording.ts';

/**
 * Writes a run that breaks an invariant as a recording of its own, with the verdict as its last line but one: `S13.4-b.ndjson`
 * of a mutant, else `S13.4-SCENARIO-INVARIANT.ndjson`. Returns its path. Throws `InputError`.
 */
export async function writeFaultWitness(
  directory: string,
  witness: FaultWitness,
  mechanism: Mechanism,
): Promise<string> {
  const { scenario, mutant, invariant, events } = witness;
  const path = join(
    directory,
    `${fileNameOf([mechanism.name, mutant ?? `${scenario.name}-${invariant}`])}.ndjson`,
  );
  makeDirectory(directory);
  await writeWholeRecording(path, mechanismRecording(mechanism), {
    header: mechanismHeader(mechanism, settingOf(mechanism, scenario, mutant)),
    events,
    verdict: { ...verdictOfWitness(mechanism, witness) },
  });
  return path;
}

const fileNameOf = (names: readonly string[]): string => names.join('-').replace(/[^\w.-]+/g, '-');
