import { UNREADABLE } from '../../../hardware/block-store.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import { mendError, passDecision } from '../machine.ts';
import { blockOf, turnAfter } from '../reducers.ts';
import type { localShadowEvents } from './events.ts';
import { drainedInto, hasOneBuffer, reserveEntries, type State } from './state.ts';
import { drainSteps, restoreSteps } from './strategy.ts';

export const localShadowReducers: Reducers<State, typeof localShadowEvents> = {
  'entry.captured': (machine, event) => {
    blockOf(machine, event);
    const { own, setup } = machine;
    const { source, block, offsetBytes, data } = event;
    const capacity = own.limitEntries + reserveEntries(setup.value);
    expectLegal(own.open.length < capacity, event, 'the buffer has no room');
    expectLegal(own.sealed.length === 0 || !hasOneBuffer(machine), event, 'the only buffer is sealed');
    own.open.push({ source, block, offsetBytes, data });
  },
  'buffer.limited': ({ own }, event) => {
    const { entries } = event;
    expectLegal(
      entries >= own.open.length && entries <= own.limitEntries,
      event,
      'fewer than it holds, or more than it takes',
    );
    own.limitEntries = entries;
  },
  'buffer.sealed': (machine, event) => {
    const { own } = machine;
    expectLegal(own.sealed.length === 0, event, 'a sealed buffer is not drained yet');
    own.sealed = own.open;
    empty(machine);
    passDecision(machine);
  },
  'entry.drained': (machine, event) => {
    blockOf(machine, event);
    const { own, setup } = machine;
    const { block, offsetBytes, data } = event;
    const isHeld = [...own.sealed, ...own.open].some(
      (entry) => entry.block === block && entry.offsetBytes === offsetBytes && entry.data === data,
    );
    expectLegal(isHeld, event, 'no buffer holds such an entry');
    own.shadow.set(block, drainedInto(own.shadow.get(block), event, setup.value.blockBytes));
    if (own.shadow.get(block) !== UNREADABLE) mendError(machine, 'shadow', block);
    goOn(machine);
  },
  'shadow.distrusted': (machine) => {
    for (let block = 0; block < machine.memory.size; block++) machine.own.shadow.set(block, UNREADABLE);
    mendError(machine, 'sealed buffer');
    goOn(machine);
  },
  'entry.freed': (machine, event) => {
    const { sealed } = machine.own;
    expectLegal(event.entry < sealed.length, event, 'the sealed buffer has no such entry');
    sealed.splice(event.entry, 1);
    turnAfter(machine, machine.processors.length + machine.devices.length);
  },
  'buffer.dropped': (machine) => {
    empty(machine);
    mendError(machine, 'open buffer');
  },
  'restore.begun': (machine, event) => {
    expectLegal(machine.work.length === 0, event, 'the controller is at something else');
    machine.work = restoreSteps(machine);
  },
  'shadow.mended': (machine, event) => {
    blockOf(machine, event);
    const contents = machine.memory.get(event.block);
    expectLegal(contents !== UNREADABLE, event, `block ${event.block} cannot be read`);
    machine.own.shadow.set(event.block, contents);
    mendError(machine, 'shadow', event.block);
  },
  'status.rebuilt': (machine) => {
    machine.own.lostStatus = false;
    mendError(machine, 'buffer status');
  },
};

/** The open buffer is empty, and takes as many entries as it should. */
function empty({ own, setup }: State): void {
  own.open = [];
  own.limitEntries = setup.value.bufferEntries;
}

/** What belongs to the draining of an entry follows, unless the controller has more in hand. */
function goOn(machine: State): void {
  if (machine.work.length === 0) machine.work = drainSteps(machine);
}
