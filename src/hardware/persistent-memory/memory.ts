import { Digest } from '../../kernel/digest.ts';
import type { Model } from '../../kernel/model.ts';
import type { MemoryEvent } from './events.ts';
import { evolveMemory } from './evolve.ts';
import type { MemoryState } from './state.ts';

/**
 * The persistent-memory machine. Its observables are the memory that a load sees, what a power loss is sure to leave, and
 * the markers that left the machine.
 */
export const memoryModel: Model<MemoryState, MemoryEvent> = {
  name: 'persistent-memory',
  version: 1,
  evolve: evolveMemory,
  digest: (state) => {
    const digest = new Digest();
    digest.toggleText('visible', state.visible.digest.hex());
    digest.toggleText('domain', state.domain.digest.hex());
    digest.toggleText('outside', state.outside.hex());
    return digest;
  },
};
