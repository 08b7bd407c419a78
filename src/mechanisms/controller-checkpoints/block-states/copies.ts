import { patched } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import type { AnyEvent, EventOf } from '../../../kernel/event-table.ts';
import { Immutable } from '../../../kernel/immutable.ts';
import type { CopiesModel } from '../copies-model.ts';
import type { MachineEventOf } from '../events.ts';
import { initialContents } from '../machine.ts';
import type { blockStatesEvents } from './events.ts';

/** Of each block, what the controller was told to write, in which half it is, and in which half the checkpoint is. */
export interface HalvesCopies {
  /** What a reader must get, wherever it is. */
  memory: string[];
  currentIn: number[];
  /** The same at the checkpoint. */
  checkpoint: Immutable<{ readonly memory: readonly string[]; readonly in: readonly number[] }>;
  /** Blocks of half 0 and of half 1 that cannot be read, and blocks of which the state cannot. */
  unreadable: [BitMap, BitMap];
  stateless: BitMap;
}

type Event =
  | EventOf<typeof blockStatesEvents>
  | MachineEventOf<'block.written'>
  | MachineEventOf<'memory.failed'>
  | MachineEventOf<'rollback.completed'>;

export const halvesCopies: CopiesModel<HalvesCopies> = {
  initial: (setup) => {
    const memory = initialContents(setup);
    const currentIn = memory.map(() => 0);
    return {
      memory,
      currentIn,
      checkpoint: new Immutable({ memory: memory.slice(), in: currentIn.slice() }),
      unreadable: [new BitMap(memory.length), new BitMap(memory.length)],
      stateless: new BitMap(memory.length),
    };
  },
  evolve: (copies, given: AnyEvent, decided) => {
    follow(copies, given as Event);
    if (decided)
      copies.checkpoint = new Immutable({ memory: copies.memory.slice(), in: copies.currentIn.slice() });
  },
  lost: ({ checkpoint, unreadable, stateless }) => {
    if (stateless.count + unreadable[0].count + unreadable[1].count === 0) return undefined;
    const block = checkpoint.value.in.findIndex((half, at) => stateless.has(at) || unreadable[half].has(at));
    return block < 0 ? undefined : `the checkpoint of block ${block} cannot be read, or not be found`;
  },
};

function follow(copies: HalvesCopies, event: Event): void {
  const { memory, currentIn, unreadable, stateless } = copies;
  switch (event.kind) {
    case 'block.written': {
      const { block, offsetBytes, data, half } = event;
      memory[block] = patched(memory[block], offsetBytes, data);
      if (data.length === memory[block].length) unreadable[half ?? 0].clear(block);
      return;
    }
    case 'rest.copied':
      unreadable[event.half].clear(event.block);
      return;
    case 'state.written':
      currentIn[event.block] = Number(event.state[1]);
      return;
    case 'memory.failed':
      if (event.area === 'states') stateless.set(event.block);
      else unreadable[event.area === 'memory' ? 0 : 1].set(event.block);
      return;
    case 'rollback.completed':
      copies.memory = copies.checkpoint.value.memory.slice();
      return;
  }
}
