import { evolveMemory } from '../../hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../../hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../../hardware/persistent-memory/state.ts';
import type { ReferencesOf } from './recovery-verdict.ts';

/** Counts the lines that were written before a crash: so many operations of the program were promised. */
export const promisedLines = (previous: unknown): number => (typeof previous === 'number' ? previous : 0) + 1;

/**
 * What a recovery says of the files as they are, with nothing lost, when the program writes a line, at the beginning and at
 * the end. A crash behind so many lines may leave what the last one promised, or that with the interrupted operation done.
 */
export function referenceOutputs(
  operations: Iterable<Operation>,
  recover: (files: Readonly<Record<string, Uint8Array>>) => string,
): ReferencesOf {
  const outputs: string[] = [];
  const state = initialMemory();
  let isFirst = true;
  for (const operation of operations) {
    // A file that was there before the run is whole before its first operation.
    if (isFirst && operation.type !== 'map' && operation.type !== 'load') {
      outputs.push(recover(visibleFiles(state)));
      isFirst = false;
    }
    for (const event of perform(state, operation)) evolveMemory(state, event);
    if (operation.type === 'marker') outputs.push(recover(visibleFiles(state)));
  }
  outputs.push(recover(visibleFiles(state)));
  return (promise) => {
    const lines = typeof promise === 'number' ? promise : 0;
    return outputs.slice(lines, lines + 2);
  };
}

/** The files as the program itself sees them, by name. */
const visibleFiles = ({ files, visible }: MemoryState): Record<string, Uint8Array> =>
  Object.fromEntries(files.map(({ name, address, sizeBytes }) => [name, visible.read(address, sizeBytes)]));
