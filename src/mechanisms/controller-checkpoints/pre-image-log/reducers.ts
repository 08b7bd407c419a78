import { UNREADABLE } from '../../../hardware/block-store.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import { passDecision } from '../machine.ts';
import { blockOf } from '../reducers.ts';
import type { preImageLogEvents } from './events.ts';
import type { State } from './state.ts';
import { reversalSteps } from './strategy.ts';

export const preImageLogReducers: Reducers<State, typeof preImageLogEvents> = {
  'entry.written': (machine, event) => {
    blockOf(machine, event);
    const { entry, block } = event;
    const { log, capacity } = machine.own;
    expectLegal(entry < capacity, event, `the log has room for ${capacity} entries`);
    expectLegal(entry <= log.length, event, `the entries before entry ${entry} are not there`);
    const data = machine.memory.get(block);
    expectLegal(data !== UNREADABLE, event, `block ${block} cannot be read`);
    log[entry] = { block, data };
  },
  'pointer.advanced': (machine, event) => {
    const { own, setup } = machine;
    expectLegal(own.pointer < own.capacity, event, `the log has room for ${own.capacity} entries`);
    own.pointer++;
    // an entry that was never written reads as zeros (mutant c)
    if (own.log.length < own.pointer) own.log.push({ block: 0, data: '00'.repeat(setup.value.blockBytes) });
  },
  'map.marked': (machine, event) => {
    blockOf(machine, event);
    machine.own.map.set(event.block);
  },
  'map.reset': ({ own }) => {
    own.map.reset();
    own.lostMap = false;
  },
  'pointer.reset': (machine, event) => {
    Object.assign(machine.own, { log: [], pointer: 0, capacity: machine.setup.value.bufferEntries });
    if (event.for === 'checkpoint') passDecision(machine);
  },
  'reversal.begun': (machine, event) => {
    expectLegal(machine.work.length === 0, event, 'the controller is at something else');
    machine.work = reversalSteps(machine);
  },
  'log.limited': ({ own }, event) => {
    expectLegal(event.entries >= own.pointer, event, `the log has ${own.pointer} entries`);
    own.capacity = event.entries;
  },
};
