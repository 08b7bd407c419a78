import type { Readable } from 'node:stream';
import { InputError } from '../kernel/errors.ts';
import { type MechanismRun, readMechanismRun } from './mechanism-run.ts';
import { recordedMechanism } from './recorded-mechanism.ts';
import { openRunFile, type RunFile, type RunFileOptions } from './run-file.ts';

export interface AnyRunOptions extends RunFileOptions {
  /** Module of a mechanism that does not come with tearline. */
  readonly module?: string | undefined;
}

/**
 * Opens a run of the persistent-memory machine or of a mechanism, as its header says; a store log is the former. Throws as
 * `openRunFile`, and `InputError` for a mechanism that is not at hand.
 */
export async function openAnyRun(
  path: string,
  stdin: Readable,
  { module, ...options }: AnyRunOptions = {},
): Promise<RunFile | MechanismRun> {
  const run = await openRunFile(path, stdin, options);
  if (run.source === undefined) {
    if (module === undefined) return run;
    throw new InputError(`${run.name} is a store log, and no run of a mechanism: leave --mechanism out`);
  }
  const mechanism = await recordedMechanism(run.name, run.header, module);
  return mechanism === undefined ? run : readMechanismRun(run.name, run.source, mechanism);
}
