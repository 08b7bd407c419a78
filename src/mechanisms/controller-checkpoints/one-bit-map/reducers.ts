import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import { mendError, passDecision } from '../machine.ts';
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
  'map.rebuilt': (machine) => {
    const { own } = machine;
    for (let block = 0; block < own.modified.size; block++) own.modified.set(block);
    own.lostMap = false;
    mendError(machine, 'bit map');
  },
  'flag.set': (machine) => {
    machine.own.copying = true;
    passDecision(machine);
  },
  'flag.cleared': (machine) => {
    machine.own.copying = false;
    machine.own.lostFlag = false;
    mendError(machine, 'flag');
  },
  'copy.begun': (machine, event) => {
    takeUp(machine, event);
    machine.work = copySteps(machine, event.block);
    turnAfter(machine, machine.processors.length + machine.devices.length);
  },
  'block.copied': copyToShadow,
  'restore.begun': (machine, event) => {
    takeUp(machine, event);
    machine.work = restoreSteps(machine, event.block);
  },
  'shadow.mended': copyToShadow,
};

type OfBlock = AnyEvent & { readonly block: number };

function takeUp(machine: State, event: OfBlock): void {
  blockOf(machine, event);
  expectLegal(machine.work.length === 0, event, 'the controller is at something else');
}

function copyToShadow(machine: State, event: OfBlock): void {
  blockOf(machine, event);
  const contents = machine.memory.get(event.block);
  expectLegal(contents !== UNREADABLE, event, `block ${event.block} cannot be read`);
  machine.own.shadow.set(event.block, contents);
  mendError(machine, 'shadow', event.block);
}
