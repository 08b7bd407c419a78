import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { CopiesModel } from '../copies-model.ts';
import type { MachineEventOf } from '../events.ts';
import { blockCount } from '../machine.ts';

/** What is known of the two places of each block, as a naive reader of the events knows it. */
export interface Copies {
  memoryIsReadable: boolean[];
  shadowIsReadable: boolean[];
  /** Bits that were set and not cleared. */
  mayDiffer: boolean[];
  isCopying: boolean;
  mapIsReadable: boolean;
  flagIsReadable: boolean;
}

/** Where the two places may differ, only the one that the flag names has the checkpoint; elsewhere both have. */
export const copiesByOneBitMap: CopiesModel<Copies> = {
  initial: (setup) => {
    const all = (value: boolean): boolean[] => new Array<boolean>(blockCount(setup)).fill(value);
    return {
      memoryIsReadable: all(true),
      shadowIsReadable: all(true),
      mayDiffer: all(false),
      isCopying: false,
      mapIsReadable: true,
      flagIsReadable: true,
    };
  },
  evolve: (copies, event) => {
    const { block } = event as AnyEvent & { readonly block: number };
    switch (event.kind) {
      case 'map.marked':
        copies.mayDiffer[block] = true;
        return;
      case 'map.cleared':
        copies.mayDiffer[block] = false;
        return;
      case 'map.rebuilt':
        copies.mayDiffer.fill(true);
        copies.mapIsReadable = true;
        return;
      case 'flag.set':
        copies.isCopying = true;
        return;
      case 'flag.cleared':
        copies.isCopying = false;
        copies.flagIsReadable = true;
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
  lost: ({ memoryIsReadable, shadowIsReadable, mayDiffer, isCopying, mapIsReadable, flagIsReadable }) => {
    const differing = mayDiffer.map((may) => may || !mapIsReadable);
    if (!flagIsReadable && differing.includes(true)) return 'the flag cannot be read';
    const block = differing.findIndex((may, at) =>
      may
        ? !(isCopying ? memoryIsReadable : shadowIsReadable)[at]
        : !memoryIsReadable[at] && !shadowIsReadable[at],
    );
    return block < 0 ? undefined : `no copy of block ${block} of the checkpoint is left`;
  },
};

function fail(copies: Copies, { area, block }: MachineEventOf<'memory.failed'>): void {
  switch (area) {
    case 'memory':
      copies.memoryIsReadable[block] = false;
      return;
    case 'shadow':
      copies.shadowIsReadable[block] = false;
      return;
    case 'bit map':
      copies.mapIsReadable = false;
      return;
    case 'flag':
      copies.flagIsReadable = false;
      return;
  }
}
