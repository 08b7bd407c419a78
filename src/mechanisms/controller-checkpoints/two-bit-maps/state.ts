import { type BlockStore, UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { type Machine, type Setup, storeOf } from '../machine.ts';

export interface TwoBitMaps {
  shadow: BlockStore;
  /** Blocks still to be copied for the checkpoint just taken. */
  a: BitMap;
  /** Blocks modified since. */
  b: BitMap;
  /** Maps with an uncorrectable error. */
  lostA: boolean;
  lostB: boolean;
  /** The block of which background copying has done one half; -1 when none (mutant e). */
  half: number;
}

export type State = Machine<TwoBitMaps>;

export const initialTwoBitMaps = (_: Setup, contents: readonly string[]): TwoBitMaps => ({
  shadow: storeOf(contents),
  a: new BitMap(contents.length),
  b: new BitMap(contents.length),
  lostA: false,
  lostB: false,
  half: -1,
});

/** System memory holds checkpoint data where bit A says so; elsewhere the shadow, unless it is unreadable. */
export function imageOf({ memory, own }: State, block: number): string {
  if (own.a.has(block)) return memory.get(block);
  const shadow = own.shadow.get(block);
  return shadow === UNREADABLE && !own.b.has(block) ? memory.get(block) : shadow;
}
