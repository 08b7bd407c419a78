import type { AnyEvent, EventOf } from '../../../kernel/event-table.ts';
import type { CopiesModel } from '../copies-model.ts';
import type { MachineEventOf } from '../events.ts';
import { blockCount } from '../machine.ts';
import type { preImageLogEvents } from './events.ts';

/** What can be read, and what the controller can know of what cannot. */
export interface LogCopies {
  unreadable: boolean[];
  /** Of each entry its block; -1 where it cannot be read. */
  entries: number[];
  pointer: number;
  marked: boolean[];
  /** There is a map, and it can be read. */
  isMapReadable: boolean;
  readonly hasMap: boolean;
}

type Event =
  | EventOf<typeof preImageLogEvents>
  | MachineEventOf<'block.restored'>
  | MachineEventOf<'memory.failed'>;

export const logCopies: CopiesModel<LogCopies> = {
  initial: (setup) => {
    const none = (): boolean[] => new Array<boolean>(blockCount(setup)).fill(false);
    const hasMap = setup.policy['firstWriteMap'] === 'on';
    return { unreadable: none(), entries: [], pointer: 0, marked: none(), isMapReadable: hasMap, hasMap };
  },
  evolve: (copies, given: AnyEvent) => {
    const event = given as Event;
    switch (event.kind) {
      case 'entry.written':
        copies.entries[event.entry] = event.block;
        return;
      case 'pointer.advanced':
        copies.pointer++;
        return;
      case 'map.marked':
        copies.marked[event.block] = true;
        return;
      case 'map.reset':
        copies.marked.fill(false);
        copies.isMapReadable = copies.hasMap;
        return;
      case 'pointer.reset':
        copies.entries = [];
        copies.pointer = 0;
        return;
      case 'block.restored':
        copies.unreadable[event.block] = false;
        return;
      case 'memory.failed':
        if (event.area === 'memory') copies.unreadable[event.block] = true;
        else if (event.area === 'log') copies.entries[event.block] = -1;
        else copies.isMapReadable = false;
        return;
    }
  },
  lost: ({ unreadable, entries, pointer, marked, isMapReadable }) => {
    const complete = entries.slice(0, pointer);
    const isEntryLost = complete.includes(-1);
    const canTell = isMapReadable && marked.includes(true); // an empty map may have been reset just now
    if (isEntryLost && !canTell) return 'an entry of the log, of a block that is not known';
    const block = unreadable.findIndex(
      (is, at) => (is || (isEntryLost && marked[at])) && !complete.includes(at),
    );
    return block < 0 ? undefined : `no copy of block ${block} of the checkpoint is left`;
  },
};
