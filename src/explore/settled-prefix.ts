import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../hardware/persistent-memory/state.ts';
import { forkState } from '../kernel/model.ts';
import type { PlacedOperation } from './surviving-pieces.ts';

const CHUNK_BYTES = 32_768;
const ZEROS = /^0*$/;

/**
 * The same run with all that was settled before a place in it told as what the files held from the beginning: up to the
 * last moment at which every piece had reached the persistence domain. Mappings stay, markers where they are wanted.
 * Undefined where there is no such moment, as on a platform whose queue is lost.
 */
export function withSettledPrefix(
  operations: readonly PlacedOperation[],
  configuration: Partial<MachineConfiguration>,
  before: number,
  keepsMarkers: boolean,
): PlacedOperation[] | undefined {
  const state = initialMemory(configuration);
  let quiet: { at: number; state: MemoryState } | undefined;
  for (const [at, { place, operation }] of operations.entries()) {
    if (state.files.length > 0 && state.pending.size === 0) quiet = { at, state: forkState(state) };
    if (place >= before) break;
    for (const event of perform(state, operation)) evolveMemory(state, event);
  }
  if (quiet === undefined) return undefined;
  const kept = operations
    .slice(0, quiet.at)
    .filter(({ operation: { type } }) => type === 'map' || (keepsMarkers && type === 'marker'));
  const mappings = kept.filter(({ operation }) => operation.type === 'map');
  const markers = kept.filter(({ operation }) => operation.type === 'marker');
  return [...mappings, ...contentsOf(quiet.state), ...markers, ...operations.slice(quiet.at)];
}

/** What the files hold, as loads that stand before the run: their places are negative. */
function contentsOf({ files, domain }: MemoryState): PlacedOperation[] {
  const loads: PlacedOperation[] = [];
  for (const { address, sizeBytes } of files) {
    for (let offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
      const bytes = domain.read(address + offset, Math.min(CHUNK_BYTES, sizeBytes - offset));
      let data = '';
      for (const byte of bytes) data += byte.toString(16).padStart(2, '0');
      if (ZEROS.test(data)) continue;
      loads.push({ place: -1 - loads.length, operation: { type: 'load', address: address + offset, data } });
    }
  }
  return loads;
}
