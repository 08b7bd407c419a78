import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import { passDecision } from '../machine.ts';
import { blockOf, turnAfter } from '../reducers.ts';
import type { oneBitMapEvents } from './events.ts';
import type { State } from './state.ts';
import { copySteps, restoreSteps } from './strategy.ts';

export const oneBitMapReducers: Reducers<State, typeof oneBitMapEvents> = {
  'map.marked': (machine, event) => {
    blockOf(machine, event);
    machine.own.modified.set(event.block);
  },
  'map.cleared': (machine, event) => {
    blockOf(machine, event);
    machine.own.modified.clear(event.block);
  },
  'map.rebuilt': ({ own }) => {
    for (let block = 0; block < own.modified.size; block++) own.modified.set(block);
    own.lostMap = false;
  },
  'flag.set': (machine) => {
    machine.own.copying = true;
    passDecision(machine);
  },
  'flag.cleared': ({ own }) => {
    own.copying = false;
    own.lostFlag = false;
  },
  'copy.begun': (machine, event) => {
    takeUp(machine, event);
    machine.work = copySteps(machine, event.block);
    turnAfter(machine, machine.processors.length + machine.devices.length);
  },
  'block.copied': (machine, event) => {
    machine.own.shadow.set(event.block, readable(machine, event));
  },
  'restore.begun': (machine, event) => {
    takeUp(machine, event);
    machine.work = restoreSteps(machine, event.block);
  },
  'shadow.mended': (machine, event) => {
    machine.own.shadow.set(event.block, readable(machine, event));
  },
};

type OfBlock = AnyEvent & { readonly block: number };

function takeUp(machine: State, event: OfBlock): void {
  blockOf(machine, event);
  expectLegal(machine.work.length === 0, event, 'the controller is at something else');
}

/** What system memory holds in a block, if it can be read. */
function readable(machine: State, event: OfBlock): string {
  blockOf(machine, event);
  const contents = machine.memory.get(event.block);
  expectLegal(contents !== UNREADABLE, event, `block ${event.block} cannot be read`);
  return contents;
}
