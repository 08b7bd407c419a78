import { UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import { mendError, passDecision } from '../machine.ts';
import { blockOf, retire, turnAfter } from '../reducers.ts';
import type { twoBitMapsEvents } from './events.ts';
import { isModeSettable, type State } from './state.ts';
import { copySteps, restoreSteps } from './strategy.ts';

export const twoBitMapsReducers: Reducers<State, typeof twoBitMapsEvents> = {
  'copy.begun': (machine, event) => {
    blockOf(machine, event);
    expectLegal(machine.work.length === 0, event, 'the controller is at something else');
    machine.work = copySteps(machine, event.block);
    turnAfter(machine, machine.processors.length + machine.devices.length);
  },
  'restore.begun': (machine, event) => {
    blockOf(machine, event);
    expectLegal(machine.work.length === 0, event, 'the controller is at something else');
    machine.work = restoreSteps(machine, event.block);
  },
  'block.copied': (machine, event) => {
    blockOf(machine, event);
    const { block, part } = event;
    const { shadow } = machine.own;
    const contents = machine.memory.get(block);
    expectLegal(contents !== UNREADABLE, event, `block ${block} cannot be read`);
    expectLegal(
      part === 'whole' || shadow.get(block) !== UNREADABLE,
      event,
      `block ${block} of the shadow cannot be read, and half of it would stay so`,
    );
    const middle = contents.length / 2;
    if (part === 'whole') shadow.set(block, contents);
    else if (part === 'first') shadow.set(block, contents.slice(0, middle) + shadow.get(block).slice(middle));
    else shadow.set(block, shadow.get(block).slice(0, middle) + contents.slice(middle));
    if (part !== 'whole') machine.own.half = part === 'first' ? block : -1;
    mendError(machine, 'shadow', block);
  },
  'map.marked': (machine, event) => {
    blockOf(machine, event);
    mapOf(machine, event.map).set(event.block);
  },
  'map.cleared': (machine, event) => {
    blockOf(machine, event);
    mapOf(machine, event.map).clear(event.block);
  },
  'maps.swapped': (machine) => {
    machine.own.a = machine.own.b;
    machine.own.b = new BitMap(machine.memory.size);
    machine.own.modeDue = machine.own.modeRequested ?? machine.own.modeDue;
    machine.own.modeRequested = null;
    passDecision(machine);
  },
  'mode.requested': (machine, event) => {
    retire(machine, event);
    if (isModeSettable(machine.setup.value)) machine.own.modeRequested = event.mode;
  },
  'mode.set': (machine, event) => {
    expectLegal(isModeSettable(machine.setup.value), event, 'the status bits are hardwired');
    machine.own.mode = event.mode;
    machine.own.modeDue = null;
  },
  'map.rebuilt': (machine, event) => {
    const { own, memory } = machine;
    const [rebuilt, other] = event.map === 'A' ? [own.a, own.b] : [own.b, own.a];
    for (let block = 0; block < memory.size; block++) if (!other.has(block)) rebuilt.set(block);
    own[event.map === 'A' ? 'lostA' : 'lostB'] = false;
    mendError(machine, `map ${event.map}`);
  },
  'shadow.mended': (machine, event) => {
    blockOf(machine, event);
    const contents = machine.memory.get(event.block);
    expectLegal(contents !== UNREADABLE, event, `block ${event.block} cannot be read`);
    machine.own.shadow.set(event.block, contents);
    mendError(machine, 'shadow', event.block);
  },
};

const mapOf = ({ own }: State, map: 'A' | 'B'): BitMap => (map === 'A' ? own.a : own.b);
