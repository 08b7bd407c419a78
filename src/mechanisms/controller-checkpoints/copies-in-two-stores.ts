import type { AnyEvent } from '../../kernel/event-table.ts';
import { blockCount } from './machine.ts';
import type { CopiesModel } from './strategy.ts';

/** Of each block, which of its two places hold data of the checkpoint. An unreadable place holds none. */
export interface TwoStores {
  memoryIsImage: boolean[];
  shadowIsImage: boolean[];
  shadowIsMemory: boolean[];
  /** The checkpoint was taken, and the block has not been copied to the shadow since. */
  isToBeCopied: boolean[];
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
    const all = (value: boolean): boolean[] => new Array<boolean>(blockCount(setup)).fill(value);
    return {
      memoryIsImage: all(true),
      shadowIsImage: all(true),
      shadowIsMemory: all(true),
      isToBeCopied: all(false),
      lostArea: null,
    };
  },
  evolve: (copies, given, decided) => {
    const event = given as Event;
    const { memoryIsImage, shadowIsImage, shadowIsMemory, isToBeCopied } = copies;
    const { block } = event;
    if (isAboutToChange(event)) memoryIsImage[block] = false;
    if (isCopied(event)) {
      if (shadowIsMemory[block]) shadowIsImage[block] ||= memoryIsImage[block];
      isToBeCopied[block] = false;
    }
    if (isRestored(event)) memoryIsImage[block] = shadowIsMemory[block] && shadowIsImage[block];
    switch (event.kind) {
      case 'block.written':
        memoryIsImage[block] = false;
        shadowIsMemory[block] = false;
        break;
      case 'block.copied':
        shadowIsMemory[block] = true;
        break;
      case 'shadow.mended':
        shadowIsImage[block] = memoryIsImage[block];
        shadowIsMemory[block] = true;
        break;
      case 'block.restored':
        shadowIsMemory[block] = true;
        break;
      case 'memory.failed':
        if (vital.includes(event.area)) copies.lostArea = event.area;
        else if (event.area === telling)
          copies.memoryIsImage = memoryIsImage.map((is, at) => is && isToBeCopied[at]);
        else {
          (event.area === 'memory' ? memoryIsImage : shadowIsImage)[block] = false;
          shadowIsMemory[block] = false;
        }
        break;
    }
    if (decided) {
      copies.isToBeCopied = shadowIsMemory.map((isMemory) => !isMemory);
      copies.memoryIsImage = memoryIsImage.map(() => true);
      copies.shadowIsImage = shadowIsMemory.slice();
    }
  },
  lost: ({ memoryIsImage, shadowIsImage, lostArea }) => {
    if (lostArea !== null) return `the ${lostArea} cannot be read`;
    const block = memoryIsImage.findIndex((isImage, at) => !isImage && !shadowIsImage[at]);
    return block < 0 ? undefined : `no copy of block ${block} of the checkpoint is left`;
  },
});
