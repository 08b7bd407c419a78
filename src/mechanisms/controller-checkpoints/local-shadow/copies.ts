import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { CopiesModel } from '../copies-model.ts';
import type { MachineEventOf } from '../events.ts';
import { blockCount, type Request } from '../machine.ts';

/** What is left of a captured write: the block that it is for, and whether it covers it. */
interface Captured {
  block: number;
  isWhole: boolean;
  isReadable: boolean;
}

/** What is known of memory, shadow and buffers, as a naive reader of the events knows it. */
export interface Copies {
  blockBytes: number;
  memoryIsReadable: boolean[];
  shadowIsReadable: boolean[];
  open: Captured[];
  /** Sealed, and not known to be in the shadow. */
  toDrain: Captured[];
  statusIsReadable: boolean;
}

/** The shadow and what is sealed make the checkpoint; system memory has it, too, where nothing was captured since. */
export const copiesByLocalShadow: CopiesModel<Copies> = {
  initial: (setup) => ({
    blockBytes: setup.blockBytes,
    memoryIsReadable: new Array<boolean>(blockCount(setup)).fill(true),
    shadowIsReadable: new Array<boolean>(blockCount(setup)).fill(true),
    open: [],
    toDrain: [],
    statusIsReadable: true,
  }),
  evolve: (copies, event) => {
    const { block, data } = event as AnyEvent & Pick<Request, 'block' | 'data'>;
    switch (event.kind) {
      case 'entry.captured':
        copies.open.push({ block, isWhole: data.length === 2 * copies.blockBytes, isReadable: true });
        return;
      case 'buffer.sealed':
        copies.toDrain = copies.open;
        copies.open = [];
        return;
      case 'entry.drained':
        if (data.length === 2 * copies.blockBytes) copies.shadowIsReadable[block] = true;
        return;
      case 'shadow.distrusted':
        copies.shadowIsReadable.fill(false);
        return;
      case 'entry.freed':
        copies.toDrain.splice((event as AnyEvent & { readonly entry: number }).entry, 1);
        return;
      case 'buffer.dropped':
        copies.open = [];
        return;
      case 'shadow.mended':
        copies.shadowIsReadable[block] = true;
        return;
      case 'block.restored':
        copies.memoryIsReadable[block] = true;
        return;
      case 'status.rebuilt':
        copies.statusIsReadable = true;
        return;
      case 'memory.failed':
        fail(copies, event as MachineEventOf<'memory.failed'>);
        return;
    }
  },
  lost: (copies) => {
    const { memoryIsReadable, open, toDrain, statusIsReadable } = copies;
    if (!statusIsReadable && open.length + toDrain.length > 0)
      return 'the status of the buffers cannot be read';
    const block = memoryIsReadable.findIndex(
      (isReadable, at) => !isInShadow(copies, at) && (!isReadable || concerns(open, at)),
    );
    return block < 0 ? undefined : `no copy of block ${block} of the checkpoint is left`;
  },
};

/** A part of a block cannot be merged into what cannot be read; an entry that cannot be read may be for any block. */
function isInShadow({ shadowIsReadable, toDrain }: Copies, block: number): boolean {
  let is = shadowIsReadable[block];
  for (const captured of toDrain) {
    if (!captured.isReadable) is = false;
    else if (captured.block === block && captured.isWhole) is = true;
  }
  return is;
}

const concerns = (open: readonly Captured[], block: number): boolean =>
  open.some((captured) => !captured.isReadable || captured.block === block);

function fail(copies: Copies, { area, block }: MachineEventOf<'memory.failed'>): void {
  const { memoryIsReadable, shadowIsReadable, toDrain } = copies;
  switch (area) {
    case 'memory':
      memoryIsReadable[block] = false;
      return;
    case 'shadow':
      shadowIsReadable[block] = false;
      return;
    case 'open buffer':
      copies.open = [{ block: 0, isWhole: false, isReadable: false }];
      return;
    case 'sealed buffer':
      toDrain[block].isReadable = false;
      return;
    case 'buffer status':
      copies.statusIsReadable = false;
      return;
  }
}
