import { type BlockStore, UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { type Machine, type Setup, storeOf } from '../machine.ts';

/** Map A is copied behind running processors, or before they go on. */
export type Mode = 'background' | 'paused';

/** What the status bits hold at first, and for ever where they are hardwired. */
export const FIRST_MODE: Mode = 'background';

export interface TwoBitMaps {
  shadow: BlockStore;
  /** Blocks still to be copied for the checkpoint just taken. */
  a: BitMap;
  /** Blocks modified since. */
  b: BitMap;
  /** Maps with an uncorrectable error. */
  lostA: boolean;
  lostB: boolean;
  /** The block of which background copying has done one half, whatever was written since; -1 when none (mutant e). */
  half: number;
  /** The mode in force. Rollback leaves it as it is: it came with the checkpoint that rollback leads to. */
  mode: Mode;
  /** The mode asked for in this epoch; void after a fault, because the program asks again. */
  modeRequested: Mode | null;
  /** The mode asked for before the decision point: the checkpoint is past the request, so that it must be set. */
  modeDue: Mode | null;
}

export type State = Machine<TwoBitMaps>;

export const initialTwoBitMaps = (_: Setup, contents: readonly string[]): TwoBitMaps => ({
  shadow: storeOf(contents),
  a: new BitMap(contents.length),
  b: new BitMap(contents.length),
  lostA: false,
  lostB: false,
  half: -1,
  mode: FIRST_MODE,
  modeRequested: null,
  modeDue: null,
});

/** Whether programs can set the status bits. */
export const isModeSettable = ({ policy }: Setup): boolean => policy['mode'] === 'settable';

/** Whether a block may still have to be copied: without map A every one that map B does not name. */
const mayBeInA = ({ a, b, lostA }: TwoBitMaps, block: number): boolean =>
  lostA ? !b.has(block) : a.has(block);

/** System memory holds checkpoint data where bit A says so; elsewhere the shadow, unless it is unreadable. */
export function imageOf({ memory, own }: State, block: number): string {
  if (mayBeInA(own, block)) return memory.get(block);
  const shadow = own.shadow.get(block);
  return shadow === UNREADABLE && !own.b.has(block) ? memory.get(block) : shadow;
}

/** Takes in an uncorrectable error in one of the strategy's areas. */
export function lose({ own, memory }: State, area: string, block: number): void {
  if (area === 'shadow') own.shadow.set(block, UNREADABLE);
  else if (area === 'map A') {
    own.lostA = true;
    own.a = new BitMap(memory.size);
  } else {
    own.lostB = true;
    own.b = new BitMap(memory.size);
  }
}

/** A half copy that was under way is void, and a mode that no checkpoint includes. */
export function abandoned({ own }: State): void {
  own.half = -1;
  own.modeRequested = null;
}
