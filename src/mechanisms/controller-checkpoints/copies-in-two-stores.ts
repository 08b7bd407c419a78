import { BitMap } from '../../kernel/bit-map.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { CopiesModel } from './copies-model.ts';
import { blockCount } from './machine.ts';

/** Of each block, which of its two places hold data of the checkpoint. An unreadable place holds none. */
export interface TwoStores {
  memoryIsImage: BitMap;
  shadowIsImage: BitMap;
  shadowIsMemory: BitMap;
  /** The checkpoint was taken, and the block has not been copied to the shadow since. */
  isToBeCopied: BitMap;
  /** A memory without which the others cannot be understood; null while it is there. */
  lostArea: string | null;
}

interface Event extends AnyEvent {
  readonly block: number;
  readonly area: string;
  readonly part: string;
}

/** How a strategy that keeps a shadow uses it. */
export interface UseOfShadow {
  /** An event after which a block counts as modified. */
  isAboutToChange(event: AnyEvent): boolean;
  /** An event after which the shadow counts as holding a block of the checkpoint. */
  isCopied(event: AnyEvent): boolean;
  /** An event after which a block of system memory counts as that of the checkpoint again. */
  isRestored(event: AnyEvent): boolean;
  /** Areas of the strategy that nothing can replace. */
  readonly vital: readonly string[];
  /** The area that tells modified blocks from others: without it only the shadow is to be trusted. */
  readonly telling: string;
}

/**
 * Follows checkpoint data through system memory and a shadow that is updated by `block.copied` and read by
 * `block.restored`.
 */
export const copiesInTwoStores = ({
  isAboutToChange,
  isCopied,
  isRestored,
  vital,
  telling,
}: UseOfShadow): CopiesModel<TwoStores> => ({
  initial: (setup) => {
    const blocks = blockCount(setup);
    return {
      memoryIsImage: BitMap.full(blocks),
      shadowIsImage: BitMap.full(blocks),
      shadowIsMemory: BitMap.full(blocks),
      isToBeCopied: new BitMap(blocks),
      lostArea: null,
    };
  },
  evolve: (copies, given, decided) => {
    const event = given as Event;
    const { memoryIsImage, shadowIsImage, shadowIsMemory, isToBeCopied } = copies;
    const { block } = event;
    if (isAboutToChange(event)) memoryIsImage.clear(block);
    if (isCopied(event)) {
      if (shadowIsMemory.has(block) && memoryIsImage.has(block)) shadowIsImage.set(block);
      isToBeCopied.clear(block);
    }
    if (isRestored(event)) memoryIsImage.put(block, shadowIsMemory.has(block) && shadowIsImage.has(block));
    switch (event.kind) {
      case 'block.written':
        memoryIsImage.clear(block);
        shadowIsMemory.clear(block);
        break;
      case 'block.copied':
      case 'block.restored':
        shadowIsMemory.set(block);
        break;
      case 'shadow.mended':
        shadowIsImage.put(block, memoryIsImage.has(block));
        shadowIsMemory.set(block);
        break;
      case 'memory.failed':
        if (vital.includes(event.area)) copies.lostArea = event.area;
        else if (event.area === telling) {
          for (let at = 0; at < memoryIsImage.size; at++) if (!isToBeCopied.has(at)) memoryIsImage.clear(at);
        } else {
          (event.area === 'memory' ? memoryIsImage : shadowIsImage).clear(block);
          shadowIsMemory.clear(block);
        }
        break;
    }
    if (decided) {
      copies.isToBeCopied = BitMap.full(shadowIsMemory.size);
      for (let at = 0; at < shadowIsMemory.size; at++)
        if (shadowIsMemory.has(at)) copies.isToBeCopied.clear(at);
      copies.memoryIsImage = BitMap.full(shadowIsMemory.size);
      copies.shadowIsImage = shadowIsMemory.fork();
    }
  },
  lost: ({ memoryIsImage, shadowIsImage, lostArea }) => {
    if (lostArea !== null) return `the ${lostArea} cannot be read`;
    if (memoryIsImage.count === memoryIsImage.size || shadowIsImage.count === shadowIsImage.size)
      return undefined;
    for (let block = 0; block < memoryIsImage.size; block++) {
      if (!memoryIsImage.has(block) && !shadowIsImage.has(block))
        return `no copy of block ${block} of the checkpoint is left`;
    }
    return undefined;
  },
});
