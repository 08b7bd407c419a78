import { BitMap } from '../../../kernel/bit-map.ts';
import type { Machine, Setup } from '../machine.ts';

export interface LogEntry {
  /** -1 where the entry cannot be read. */
  block: number;
  data: string;
}

export interface PreImageLog {
  /** Oldest first. What lies beyond the pointer is kept only while an entry is being made. */
  log: LogEntry[];
  /** How many entries count. */
  pointer: number;
  /** How many entries fit. */
  capacity: number;
  /** Blocks that have an entry; stays empty where every write is logged. */
  map: BitMap;
  /** The map has an uncorrectable error. */
  lostMap: boolean;
}

export type State = Machine<PreImageLog>;

export const initialPreImageLog = (setup: Setup, contents: readonly string[]): PreImageLog => ({
  log: [],
  pointer: 0,
  capacity: setup.bufferEntries,
  map: new BitMap(contents.length),
  lostMap: false,
});

export const hasMap = ({ setup }: Machine): boolean => setup.value.policy['firstWriteMap'] === 'on';

/** The entries that count, oldest first. */
export const entriesOf = ({ log, pointer }: PreImageLog): readonly LogEntry[] => log.slice(0, pointer);

/** The oldest entry of a block is what it held at the checkpoint; a block without one is as it was. */
export const imageOf = ({ memory, own }: State, block: number): string =>
  entriesOf(own).find((entry) => entry.block === block)?.data ?? memory.get(block);
