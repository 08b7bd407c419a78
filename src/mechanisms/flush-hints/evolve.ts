import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { removeNumber } from '../../hypervisor/numbers.ts';
import { newTlb, tlbReducers } from '../../hypervisor/tlb.ts';
import { newPageTables, translationReducers } from '../../hypervisor/translation.ts';
import { trapReducers } from '../../hypervisor/traps.ts';
import { coreOf, newVirtualCore } from '../../hypervisor/virtual-core.ts';
import { virtualMachineReducers } from '../../hypervisor/virtual-machine.ts';
import { IllegalEvent } from '../../kernel/errors.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { evolveBy, expectLegal } from '../../kernel/reducers.ts';
import { type FlushHintEvent, hostMemoryEvents, isFlushHintEvent } from './events.ts';
import {
  expectBetweenInstructions,
  expectOn,
  guestOf,
  hostIn,
  type OfCore,
  type OfHost,
  poweredHost,
} from './guards.ts';
import {
  chosen,
  coresOf,
  type Guest,
  has,
  hostOf,
  LINE_BYTES,
  lineAddress,
  type State,
  serviceCore,
  ZEROS,
} from './machine.ts';
import { ownReducers } from './own-reducers.ts';
import { firstStage, passDecision, stageAfterFence, targetsOf } from './trap.ts';
import { hintOf, unback } from './virtual-hints.ts';

const onItsHost = (state: State, event: MemoryEvent & OfHost): void => {
  hostIn(state, event).memory.evolve(event);
};

const inMemory = Object.fromEntries(Object.keys(hostMemoryEvents).map((kind) => [kind, onItsHost]));

const reduceParts = evolveBy<State>({
  ...inMemory,
  ...translationReducers,
  ...tlbReducers,
  ...trapReducers,
  ...virtualMachineReducers,
  ...ownReducers,
});

/** What the mechanism makes of events of its parts: checks first, then the part, then what follows from it. */
export function evolve(state: State, event: AnyEvent): void {
  if (!isFlushHintEvent(event)) throw new IllegalEvent(event.kind, 'this machine knows no such event');
  const turn = turnAfter(state, event);
  switch (event.kind) {
    case 'store.buffered':
    case 'flush.buffered':
      expectOn(state, event);
      expectLegal(state.virtualCores[event.core].mode === 'guest', event, 'the core is not in the guest');
      reduceParts(state, event);
      state.cores[event.core].next++;
      break;
    case 'vm.exited':
      coreOf(state, event);
      expectBetweenInstructions(state, event);
      reduceParts(state, event);
      trapped(state, event);
      break;
    case 'vm.moved':
      move(state, event);
      break;
    case 'power.lost':
      losePower(state, event);
      break;
    default:
      reduceParts(state, event);
      follow(state, event);
  }
  state.turn = turn;
}

type Kind<K extends FlushHintEvent['kind']> = Extract<FlushHintEvent, { kind: K }>;

/** A write to a flush hint that trapped is to be handled. */
function trapped(state: State, { core, reason, guestPage }: Kind<'vm.exited'>): void {
  if (reason === 'host-violation' && guestPage === hintOf(state, core).page)
    state.cores[core].flush = { stage: firstStage(state), done: 0 };
}

function follow(state: State, event: FlushHintEvent): void {
  switch (event.kind) {
    case 'page.protected':
      if (event.level === 'host' && event.writable !== true)
        state.guests[event.vm].untold = coresOf(state, event.vm).slice();
      break;
    case 'tlb.drop.requested':
      removeNumber(state.guests[state.virtualCores[event.core].vm].untold, event.core);
      break;
    case 'tlb.dropped':
      removeNumber(state.lateCores, event.core);
      break;
    case 'vm.resumed': {
      const guest = state.guests[state.virtualCores[event.core].vm];
      if (hintOf(state, event.core).controllers === 0) guest.reliesOnDomain = true;
      break;
    }
    case 'vm.paused':
      dropFlushes(state, event.vm);
      break;
    case 'fence.retired':
      fenced(state, event);
      break;
    case 'hint.done':
      hintDone(state, event);
      break;
  }
}

/** The virtual core that a core of a host works for; undefined when for none. */
function servedBy(state: State, { host, core }: OfCore & OfHost): number | undefined {
  const served = core === serviceCore(state) ? state.hosts[host].serving : core;
  if (served < 0 || state.virtualMachines[state.virtualCores[served].vm].host !== host) return undefined;
  return served;
}

function fenced(state: State, event: Kind<'fence.retired'>): void {
  const served = servedBy(state, event);
  if (served === undefined) return;
  const core = state.cores[served];
  if (core.flush?.stage === 'fence before') core.flush.stage = stageAfterFence(state);
  else if (core.flush?.stage === 'fence after') {
    core.flush.stage = 'complete';
    endService(state, event);
  } else if (core.flush === null && state.virtualCores[served].mode === 'guest') core.next++;
}

function hintDone(state: State, event: Kind<'hint.done'>): void {
  const served = servedBy(state, event);
  if (served === undefined) return;
  const { flush } = state.cores[served];
  if (flush?.stage !== 'hints') endService(state, event);
  else if (++flush.done === targetsOf(state, served).length) passDecision(state, served, flush);
}

function endService(state: State, { host, core }: OfCore & OfHost): void {
  if (core === serviceCore(state)) state.hosts[host].serving = -1;
}

/** Flushes that were trapped are no more; their instructions will be executed anew. */
function dropFlushes(state: State, vm: number): void {
  for (const core of coresOf(state, vm)) {
    state.cores[core].flush = null;
    removeNumber(state.lateCores, core);
    for (const host of state.hosts) if (host.serving === core) host.serving = -1;
  }
}

/** What the source still holds of the region is dropped; at the destination everything about the hints is to be found anew. */
function move(state: State, event: Kind<'vm.moved'>): void {
  const guest = guestOf(state, event);
  poweredHost(state, event);
  const { memory, frames } = hostOf(state, event.vm);
  reduceParts(state, event);
  const { lines } = state.setup.value.machines[event.vm];
  memory.discard(lineAddress(event.vm, 0), lines * LINE_BYTES);
  const isCarried = chosen(state, 'backingPage') === 'carried';
  // A frame that was chosen and not filled yet holds what its last owner left there.
  unback(guest, ({ frame, isFilled, carried }) => (isCarried ? (isFilled ? frames[frame] : carried) : ZEROS));
  Object.assign(guest, { untold: [], destination: -1, copiedLines: 0, reliesOnDomain: false });
  if (!has(state, 'M4')) guest.determined = -1;
  for (const core of coresOf(state, event.vm)) removeNumber(state.lateCores, core);
}

/** A host and its virtual machines are gone; its NVDIMMs keep what the persistence domain held, if that is saved. */
function losePower(state: State, event: Kind<'power.lost'>): void {
  const host = poweredHost(state, event);
  const { adrFailed, memory } = host;
  if (adrFailed) memory.voidDomain();
  reduceParts(state, event);
  const frames = host.frames.map(() => ZEROS);
  Object.assign(host, { frames, serving: -1, wantedHints: -1, adrFailed: false });
  for (const [vm, guest] of state.guests.entries()) {
    if (guest.destination === event.host) guest.copiedLines = 0;
    if (state.virtualMachines[vm].host === event.host) end(state, vm, guest, adrFailed);
  }
}

function end(state: State, vm: number, guest: Guest, adrFailed: boolean): void {
  // NVDIMMs remember that they were not saved, however often power is lost before somebody asks.
  const isVoid = guest.isVoid || (adrFailed && guest.reliesOnDomain && guest.exposed === 'persistent');
  dropFlushes(state, vm);
  unback(guest, () => ZEROS);
  Object.assign(guest, { untold: [], destination: -1, reliesOnDomain: false, isVoid, hasEnded: true });
  state.pageTables[vm] = newPageTables();
  for (const core of coresOf(state, vm)) {
    state.virtualCores[core] = newVirtualCore(vm);
    state.tlbs[core] = newTlb();
  }
}

/** Cores take turns, event by event; what the service core does counts for the core that it serves. */
function turnAfter(state: State, event: FlushHintEvent): number {
  let actor = state.turn;
  if ('core' in event) {
    const isService = event.core === serviceCore(state) && 'host' in event;
    actor = isService ? (state.hosts[event.host]?.serving ?? 0) : event.core;
  }
  return (actor + 1) % state.cores.length;
}
