import { lineOf } from '../../hardware/persistent-memory/lines.ts';
import { addNumber } from '../../hypervisor/numbers.ts';
import { translate } from '../../hypervisor/translate.ts';
import { coreOf } from '../../hypervisor/virtual-core.ts';
import { expectLegal, type Reducers } from '../../kernel/reducers.ts';
import { bytesOf } from './contents.ts';
import type { ownEvents } from './events.ts';
import {
  entryOf,
  expectBetweenInstructions,
  expectMask,
  expectOn,
  guestOf,
  hostIn,
  poweredHost,
} from './guards.ts';
import { hostOf, LINE_BYTES, lineAddress, type State } from './machine.ts';
import { bitsOf, hintOf } from './virtual-hints.ts';

/** Folds what the mechanism adds to hosts and hypervisor. */
export const ownReducers: Reducers<State, typeof ownEvents> = {
  'flush-support.determined': (state, event) => {
    const guest = guestOf(state, event);
    expectMask(hostIn(state, event), event, event.controllers);
    guest.determined = event.controllers;
  },
  'virtual-hint.allocated': (state, event) => {
    const hint = entryOf(state, event);
    expectLegal(event.frame < hostOf(state, event.vm).frames.length, event, 'there is no such frame');
    Object.assign(hint, { page: event.page, frame: event.frame, isFilled: false });
  },
  'frame.filled': (state, event) => {
    const { frames } = poweredHost(state, event);
    expectLegal(event.frame < frames.length, event, 'there is no such frame');
    frames[event.frame] = event.data;
    for (const [vm, { hints }] of state.guests.entries()) {
      if (state.virtualMachines[vm].host !== event.host) continue;
      for (const hint of hints) if (hint.frame === event.frame) hint.isFilled = true;
    }
  },
  'virtual-hint.armed': (state, event) => {
    const hint = entryOf(state, event);
    expectMask(hostOf(state, event.vm), event, event.controllers);
    hint.controllers = event.controllers;
  },
  'virtual-hint.disarmed': (state, event) => {
    entryOf(state, event).controllers = 0;
  },
  'region.exposed': (state, event) => {
    guestOf(state, event).exposed = event.as;
  },
  'flush.taken': (state, event) => {
    const host = hostIn(state, event);
    expectOn(state, event);
    expectLegal(host.serving < 0, event, 'the service core is at another flush');
    const { flush } = state.cores[event.core];
    expectLegal(flush?.stage === 'queued', event, 'the core waits for no service');
    host.serving = event.core;
    flush.stage = 'hints';
  },
  'virtual-hint.retired': (state, event) => {
    const { vm, mode } = coreOf(state, event);
    const core = state.cores[event.core];
    expectLegal(mode === 'hypervisor' && core.flush !== null, event, 'no write to a flush hint has trapped');
    expectLegal(
      state.guests[vm].hints[event.entry] === hintOf(state, event.core),
      event,
      'another hint was written',
    );
    core.flush = null;
    core.next++;
  },
  'virtual-hint.stored': (state, event) => {
    const { mode } = coreOf(state, event);
    expectOn(state, event);
    expectBetweenInstructions(state, event);
    expectLegal(mode === 'guest', event, 'the core is not in the guest');
    const { buffer } = hostIn(state, event).memory.state.cores[event.core];
    expectLegal(buffer.length === 0, event, 'older stores go first');
    const found = translate(state, event.core, hintOf(state, event.core).page, 'write');
    expectLegal(found.kind === 'hit' && found.frame === event.frame, event, 'its TLB leads elsewhere');
    hostIn(state, event).frames[event.frame] = event.data;
    state.cores[event.core].next++;
  },
  'hint.skipped': (state, event) => {
    expectLegal(coreOf(state, event).mode === 'guest', event, 'the core is not in the guest');
    state.cores[event.core].next++;
  },
  'tlb.drop.delayed': (state, event) => {
    coreOf(state, event);
    expectLegal(state.tlbs[event.core].flushRequested, event, 'nobody asked it for anything');
    addNumber(state.lateCores, event.core);
  },
  'migration.requested': (state, event) => {
    const guest = guestOf(state, event);
    hostIn(state, event);
    if (event.unasked !== true) state.operatorNext++;
    if (guest.hasEnded) return;
    guest.destination = event.host === state.virtualMachines[event.vm].host ? -1 : event.host;
    guest.copiedLines = 0;
  },
  'migration.refused': (state, event) => {
    const guest = guestOf(state, event);
    expectLegal(guest.destination === event.host, event, 'nobody asked for it');
    guest.destination = -1;
  },
  'region.copied': (state, event) => {
    const guest = guestOf(state, event);
    const { memory } = poweredHost(state, event);
    const { pending, queued } = memory.state;
    const line = (event.address - lineAddress(event.vm, 0)) / LINE_BYTES;
    const { lines } = state.setup.value.machines[event.vm];
    expectLegal(Number.isInteger(line) && line >= 0 && line < lines, event, 'no such line in its region');
    expectLegal(event.data.length === 2 * LINE_BYTES, event, `a line has ${LINE_BYTES} bytes`);
    const number = lineOf(memory.state, event.address);
    expectLegal(
      !pending.has(number) && !queued.has(number),
      event,
      'the destination has its own of that line',
    );
    memory.place(event.address, bytesOf(event.data));
    guest.copiedLines = line + 1;
  },
  'reconfiguration.requested': (state, event) => {
    const host = hostIn(state, event);
    expectMask(host, event, event.hints);
    host.wantedHints = event.hints;
    state.operatorNext++;
  },
  'reconfiguration.refused': (state, event) => {
    const host = hostIn(state, event);
    expectLegal(host.wantedHints >= 0, event, 'nobody asked for it');
    host.wantedHints = -1;
  },
  'host.reconfigured': (state, event) => {
    const host = poweredHost(state, event);
    expectMask(host, event, event.hints);
    const given = bitsOf(event.hints);
    host.hints = host.hints.map((_, controller) => given.includes(controller));
    host.wantedHints = -1;
    for (const [vm, guest] of state.guests.entries())
      if (state.virtualMachines[vm].host === event.host) guest.determined = -1;
  },
  'adr.failed': (state, event) => {
    poweredHost(state, event).adrFailed = true;
  },
  'host.restarted': (state, event) => {
    const { memory } = hostIn(state, event);
    expectLegal(!memory.state.powered, event, 'it has power');
    memory.powerUp();
  },
  'loss.reported': (state, event) => {
    guestOf(state, event).isVoid = false;
  },
};
