import { type BlockStore, UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { type Machine, type Setup, storeOf } from '../machine.ts';

/** C0, C1: current and checkpoint in that half. M0, M1: current in that half, checkpoint in the other. */
export type BlockState = 'C0' | 'C1' | 'M0' | 'M1';

export interface BlockStates {
  /** Half 1; half 0 is the machine's memory. */
  second: BlockStore;
  /** Of each block its state; `UNREADABLE` after an uncorrectable error. */
  states: (BlockState | typeof UNREADABLE)[];
  /** Blocks whose entry says modified, and blocks whose entry cannot be read. */
  modified: BitMap;
  stateless: BitMap;
  /** Blocks of each half in which an uncorrectable error was found, and that were not written whole since. */
  failed: [BitMap, BitMap];
  /** Of each modified block the generation in which it was modified; else 0. */
  generations: number[];
  /** The generation register, one bit; stays 0 where a phase flag guards the walk. */
  generation: number;
  /** The phase flag: states are being changed from modified to checkpoint. */
  walking: boolean;
}

export type State = Machine<BlockStates>;

export const initialBlockStates = (_: Setup, contents: readonly string[]): BlockStates => ({
  second: storeOf(contents),
  states: contents.map(() => 'C0'),
  modified: new BitMap(contents.length),
  stateless: new BitMap(contents.length),
  failed: [new BitMap(contents.length), new BitMap(contents.length)],
  generations: contents.map(() => 0),
  generation: 0,
  walking: false,
});

export const hasGenerations = ({ setup }: Machine): boolean =>
  setup.value.policy['establish'] === 'generation tag';

const halfOf = ({ memory, own }: State, half: number): BlockStore => (half === 0 ? memory : own.second);

/** The half that holds what was written last. */
export const currentHalf = ({ own }: State, block: number): number => Number(own.states[block].at(1) ?? 0);

/** Its entry says modified, in this generation or an earlier one. */
export const saysModified = ({ modified }: BlockStates, block: number): boolean => modified.has(block);

/** Its entry is left over from before the decision point: the walk has not come to it. */
export const isLeftOver = (own: BlockStates, block: number): boolean =>
  saysModified(own, block) && (own.walking || own.generations[block] !== own.generation);

/** It was written since the checkpoint that a fault would lead to now. */
export const isModified = (own: BlockStates, block: number): boolean =>
  saysModified(own, block) && !isLeftOver(own, block);

/** The half that holds the checkpoint. */
export const checkpointHalf = (machine: State, block: number): number => {
  const current = currentHalf(machine, block);
  return isModified(machine.own, block) ? 1 - current : current;
};

export const contentsOf = (machine: State, block: number, half: number): string =>
  halfOf(machine, half).get(block);

/** The first block of a set of which something is true; undefined when there is none. */
export function firstBlock(set: BitMap, is: (block: number) => boolean): number | undefined {
  let block = set.first();
  while (block !== undefined && !is(block)) block = set.first(block + 1);
  return block;
}

/** The first block of which the half that holds the checkpoint cannot be read; undefined when there is none. */
export function firstLost(machine: State): number | undefined {
  const lost = [0, 1].flatMap((half) => {
    const isLost = (block: number): boolean =>
      checkpointHalf(machine, block) === half && contentsOf(machine, block, half) === UNREADABLE;
    return firstBlock(machine.own.failed[half], isLost) ?? [];
  });
  return lost.length === 0 ? undefined : Math.min(...lost);
}

/** Writes a block of a half. */
export function put(machine: State, block: number, half: number, contents: string): void {
  halfOf(machine, half).set(block, contents);
  machine.own.failed[half].put(block, contents === UNREADABLE);
}

/** Writes the entry of a block. */
export function setState(own: BlockStates, block: number, state: BlockState | typeof UNREADABLE): void {
  own.states[block] = state;
  own.modified.put(block, state.startsWith('M'));
  own.stateless.put(block, state === UNREADABLE);
}

/** Takes in an uncorrectable error. */
export function lose(machine: State, area: string, block: number): void {
  if (area === 'second half') put(machine, block, 1, UNREADABLE);
  else setState(machine.own, block, UNREADABLE);
}

/** Takes in the errors of half 0, which is system memory. */
export function abandoned({ own, errors }: State): void {
  for (const { area, block } of errors) if (area === 'memory') own.failed[0].set(block);
}
