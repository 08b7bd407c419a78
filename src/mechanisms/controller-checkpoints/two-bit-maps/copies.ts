import type { AnyEvent, EventOfKind } from '../../../kernel/event-table.ts';
import type { CopiesModel } from '../copies-model.ts';
import type { MachineEventOf } from '../events.ts';
import { blockCount } from '../machine.ts';
import type { twoBitMapsEvents } from './events.ts';
import { followModes, initialModes, type Modes } from './modes.ts';

/** What is known of the two places of each block, and of the mode, as a naive reader of the events knows it. */
export interface Copies {
  memoryIsReadable: boolean[];
  shadowIsReadable: boolean[];
  /** Bits that were set and not cleared. */
  a: boolean[];
  b: boolean[];
  aIsReadable: boolean;
  bIsReadable: boolean;
  modes: Modes;
}

/**
 * A block of A has the checkpoint in memory only, one of B in the shadow only, any other one in both. No block is in both
 * maps, so that one of them says what the other one may have held: everything else. Without either nothing is known.
 */
export const copiesByTwoBitMaps: CopiesModel<Copies> = {
  initial: (setup) => {
    const all = (value: boolean): boolean[] => new Array<boolean>(blockCount(setup)).fill(value);
    return {
      memoryIsReadable: all(true),
      shadowIsReadable: all(true),
      a: all(false),
      b: all(false),
      aIsReadable: true,
      bIsReadable: true,
      modes: initialModes(setup),
    };
  },
  evolve: (copies, event, decided) => {
    followModes(copies.modes, event as Parameters<typeof followModes>[1], decided);
    const { block, map } = event as AnyEvent & { readonly block: number; readonly map: 'A' | 'B' };
    switch (event.kind) {
      case 'map.marked':
        (map === 'A' ? copies.a : copies.b)[block] = true;
        return;
      case 'map.cleared':
        (map === 'A' ? copies.a : copies.b)[block] = false;
        return;
      case 'maps.swapped':
        copies.a = copies.b;
        copies.b = copies.a.map(() => false);
        return;
      case 'map.rebuilt':
        if (map === 'A') Object.assign(copies, { a: copies.b.map((is) => !is), aIsReadable: true });
        else Object.assign(copies, { b: copies.a.map((is) => !is), bIsReadable: true });
        return;
      case 'block.copied':
      case 'shadow.mended':
        copies.shadowIsReadable[block] = true;
        return;
      case 'block.restored':
        copies.memoryIsReadable[block] = true;
        return;
      case 'memory.failed':
        fail(copies, event as MachineEventOf<'memory.failed'>);
        return;
    }
  },
  retired: (event) => (isRequest(event) ? event.processor : undefined),
  lost: ({ memoryIsReadable, shadowIsReadable, a, b, aIsReadable, bIsReadable }) => {
    if (!aIsReadable && !bIsReadable) return 'neither map can be read';
    const block = a.findIndex((_, at) => {
      const mayBeInA = aIsReadable ? a[at] : !b[at];
      const mayBeInB = bIsReadable ? b[at] : !a[at];
      if (mayBeInA) return !memoryIsReadable[at];
      return !shadowIsReadable[at] && (mayBeInB || !memoryIsReadable[at]);
    });
    return block < 0 ? undefined : `no copy of block ${block} of the checkpoint is left`;
  },
};

const isRequest = (event: AnyEvent): event is EventOfKind<typeof twoBitMapsEvents, 'mode.requested'> =>
  event.kind === 'mode.requested';

function fail(copies: Copies, { area, block }: MachineEventOf<'memory.failed'>): void {
  switch (area) {
    case 'memory':
      copies.memoryIsReadable[block] = false;
      return;
    case 'shadow':
      copies.shadowIsReadable[block] = false;
      return;
    case 'map A':
      copies.aIsReadable = false;
      return;
    case 'map B':
      copies.bIsReadable = false;
      return;
  }
}
