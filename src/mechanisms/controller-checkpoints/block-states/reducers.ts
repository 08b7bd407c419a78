import { patched, UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import type { machineEvents } from '../events.ts';
import { passDecision } from '../machine.ts';
import { blockOf, turnAfter } from '../reducers.ts';
import type { blockStatesEvents } from './events.ts';
import { contentsOf, currentHalf, put, type State, setState } from './state.ts';

export const blockStatesReducers: Reducers<State, typeof blockStatesEvents> &
  Pick<Reducers<State, typeof machineEvents>, 'block.written'> = {
  'block.written': (machine, event) => {
    blockOf(machine, event);
    const { block, offsetBytes, data, half } = event;
    expectHalf(event, half);
    const contents = contentsOf(machine, block, half);
    const isWhole = data.length === 2 * machine.setup.value.blockBytes;
    if (isWhole) put(machine, block, half, data);
    else if (contents !== UNREADABLE) put(machine, block, half, patched(contents, offsetBytes, data));
  },
  'rest.copied': (machine, event) => {
    blockOf(machine, event);
    const { block, half, offsetBytes, sizeBytes } = event;
    expectHalf(event, half);
    const from = contentsOf(machine, block, currentHalf(machine, block));
    expectLegal(from !== UNREADABLE, event, `block ${block} cannot be read`);
    const old = contentsOf(machine, block, half);
    const kept = (old === UNREADABLE ? '00'.repeat(machine.setup.value.blockBytes) : old).slice(
      2 * offsetBytes,
      2 * (offsetBytes + sizeBytes),
    );
    put(machine, block, half, patched(from, offsetBytes, kept));
  },
  'state.written': (machine, event) => {
    blockOf(machine, event);
    const { own, phase, failed, work, processors, devices } = machine;
    const { block, state } = event;
    setState(own, block, state);
    own.generations[block] = state.startsWith('M') ? own.generation : 0;
    const isBackground = phase === 'normal' && !failed && work.length === 0;
    if (isBackground) turnAfter(machine, processors.length + devices.length);
  },
  'walk.begun': (machine) => {
    machine.own.walking = true;
    passDecision(machine);
  },
  'walk.ended': ({ own }) => {
    own.walking = false;
  },
  'generation.advanced': (machine) => {
    machine.own.generation = 1 - machine.own.generation;
    passDecision(machine);
  },
};

function expectHalf(event: AnyEvent, half: number | undefined): asserts half is 0 | 1 {
  expectLegal(half === 0 || half === 1, event, 'memory has halves 0 and 1');
}
