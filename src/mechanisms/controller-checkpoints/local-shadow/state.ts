import { type BlockStore, patched, UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { type Machine, type Request, type Setup, storeOf } from '../machine.ts';

/** A write that was captured. One with an uncorrectable error has no data, and its other members say nothing. */
export type Entry = Request;

export interface LocalShadow {
  shadow: BlockStore;
  /** Writes since the last seal, oldest first. */
  open: Entry[];
  /** Writes before it that the shadow may lack, oldest first; none when the buffer is drained. */
  sealed: Entry[];
  /** Entries of the open buffer that force a checkpoint. */
  limitEntries: number;
  /** An uncorrectable error: which entries are open, sealed or drained is not known. */
  lostStatus: boolean;
}

export type State = Machine<LocalShadow>;

export const initialLocalShadow = (setup: Setup, contents: readonly string[]): LocalShadow => ({
  shadow: storeOf(contents),
  open: [],
  sealed: [],
  limitEntries: setup.bufferEntries,
  lostStatus: false,
});

/** Whether there is one buffer only, so that nothing can be captured before it is drained. */
export const hasOneBuffer = ({ setup }: State): boolean => setup.value.policy['buffers'] === 'one';

export const isUnreadable = ({ data }: Entry): boolean => data === UNREADABLE;

/**
 * Entries that a buffer has besides its limit, for what is written between the moment that a checkpoint is wanted and
 * its seal: each cache's lines, the contexts and positions, the rest of a transfer, and for each device one write more.
 */
export function reserveEntries({ programs, devices, cacheLines }: Setup): number {
  const writesMax = (program: Setup['devices'][number]): number =>
    Math.max(0, ...program.map(({ writes }) => (Array.isArray(writes) ? writes.length : 0)));
  return programs.length * (cacheLines + 1) + devices.reduce((sum, device) => sum + writesMax(device) + 2, 0);
}

/** A block of the shadow after an entry was written to it. A part cannot be merged into what cannot be read. */
export function drainedInto(
  contents: string,
  { offsetBytes, data }: Omit<Entry, 'source'>,
  blockBytes: number,
): string {
  if (data.length === 2 * blockBytes) return data;
  return contents === UNREADABLE ? UNREADABLE : patched(contents, offsetBytes, data);
}

/** A block of the shadow as it will be when the sealed buffer is drained. */
export function shadowWhenDrained({ own, setup }: State, block: number): string {
  let contents = own.shadow.get(block);
  for (const entry of own.sealed) {
    if (isUnreadable(entry)) contents = UNREADABLE;
    else if (entry.block === block) contents = drainedInto(contents, entry, setup.value.blockBytes);
  }
  return contents;
}

/** Whether a block may have been written since the last seal; an entry that cannot be read may be for any block. */
export const mayBeModified = ({ open }: LocalShadow, block: number): boolean =>
  open.some((entry) => entry.block === block || isUnreadable(entry));

/** Every block of which that is so, of so many. */
export function maybeModified({ open }: LocalShadow, blocks: number): BitMap {
  if (open.some(isUnreadable)) return BitMap.full(blocks);
  const modified = new BitMap(blocks);
  for (const { block } of open) modified.set(block);
  return modified;
}

/** The shadow and the sealed buffer make the checkpoint; so does system memory, where it was not written since. */
export function imageOf(machine: State, block: number): string {
  const contents = shadowWhenDrained(machine, block);
  return contents === UNREADABLE && !mayBeModified(machine.own, block) ? machine.memory.get(block) : contents;
}

/**
 * Takes in an uncorrectable error in one of the strategy's areas. One in the open buffer makes its other entries
 * useless, too: whichever it is, every block may have been written since the last seal.
 */
export function lose({ own }: State, area: string, at: number): void {
  const lostEntry: Entry = { source: 'firmware', block: 0, offsetBytes: 0, data: UNREADABLE };
  if (area === 'shadow') own.shadow.set(at, UNREADABLE);
  else if (area === 'open buffer') own.open = [lostEntry];
  else if (area === 'sealed buffer') own.sealed[at] = lostEntry;
  else own.lostStatus = true;
}
