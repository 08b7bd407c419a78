import { type BlockStore, UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { type Machine, type Setup, storeOf } from '../machine.ts';

export interface OneBitMap {
  shadow: BlockStore;
  /** Blocks in which system memory and the shadow may differ. */
  modified: BitMap;
  /** The copy-in-progress flag: system memory is frozen, and the shadow is being made equal to it. */
  copying: boolean;
  /** Uncorrectable errors of the map and of the flag. */
  lostMap: boolean;
  lostFlag: boolean;
}

export type State = Machine<OneBitMap>;

export const initialOneBitMap = (_: Setup, contents: readonly string[]): OneBitMap => ({
  shadow: storeOf(contents),
  modified: new BitMap(contents.length),
  copying: false,
  lostMap: false,
  lostFlag: false,
});

/** Whether system memory and the shadow may differ in a block; without the map they may differ everywhere. */
export const mayDiffer = ({ lostMap, modified }: OneBitMap, block: number): boolean =>
  lostMap || modified.has(block);

/** The flag says which of the two places holds the checkpoint; where they are equal, either will do. */
export function imageOf({ memory, own }: State, block: number): string {
  const [image, other] = own.copying ? [memory, own.shadow] : [own.shadow, memory];
  const contents = image.get(block);
  return contents === UNREADABLE && !mayDiffer(own, block) ? other.get(block) : contents;
}

/** Takes in an uncorrectable error in one of the strategy's areas. */
export function lose({ own, memory }: State, area: string, block: number): void {
  if (area === 'shadow') own.shadow.set(block, UNREADABLE);
  else if (area === 'bit map') {
    own.lostMap = true;
    own.modified = new BitMap(memory.size);
  } else {
    own.lostFlag = true;
    own.copying = false;
  }
}
