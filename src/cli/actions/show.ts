import { openAnyRun } from '../../node/any-run.ts';
import type { Io } from '../session.ts';
import { showMechanism } from './show-mechanism.ts';
import { showMemory } from './show-memory.ts';
import type { ShowOptions } from './show-options.ts';

/** The state of a run after so many events. */
export async function show(io: Io, path: string, options: ShowOptions): Promise<number> {
  const { platform, mechanism: module } = options;
  const run = await openAnyRun(path, io.stdin, { platform, module });
  return 'mechanism' in run ? showMechanism(io, run, options) : showMemory(io, run, options);
}
