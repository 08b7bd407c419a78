import { queueSurvives } from '../../hardware/persistent-memory/configuration.ts';
import { dropsPending } from '../../hypervisor/tlb.ts';
import type { FlushHintEvent } from './events.ts';
import { controllersOf, coresOf, type Guest, has, type State, type VirtualHint } from './machine.ts';
import { FIRST_HINT_PAGE, maskOf } from './virtual-hints.ts';

/**
 * The next step by which the hypervisor makes a virtual machine ready for its host, before any of its cores may enter the
 * guest: find out what can be flushed, back the virtual hints, arm or disarm them, show them. Undefined when nothing is
 * to be done, or only late answers are awaited.
 */
export function preparationStep(state: State, vm: number): FlushHintEvent | undefined {
  const { host } = state.virtualMachines[vm];
  const guest = state.guests[vm];
  if (guest.determined < 0)
    return {
      kind: 'flush-support.determined',
      vm,
      host,
      controllers: flushable(state, vm, host, hintsOf(state, host)),
    };
  if (guest.exposed === null && !keepsRegion(state, vm, host))
    return { kind: 'region.exposed', vm, as: 'volatile' };
  if (guest.exposed === 'volatile') return undefined;
  return (
    firstOf(guest.hints, (hint, entry) => back(state, vm, hint, entry)) ??
    (guest.determined > 0 ? arm(state, vm, guest) : disarm(state, vm, guest)) ??
    (guest.exposed === null ? { kind: 'region.exposed', vm, as: 'persistent' } : undefined) ??
    firstOf(guest.hints, ({ page }) => mapInGuest(state, vm, page))
  );
}

/** Whether the cores of a virtual machine may enter the guest. */
export const isReady = (state: State, vm: number): boolean =>
  preparationStep(state, vm) === undefined && !dropsPending(state, vm);

/** Whether a flush by the guest can make its region durable on a host, where these controllers have a hint (bit k). */
export const keepsRegion = (state: State, vm: number, host: number, hints = hintsOf(state, host)): boolean =>
  flushable(state, vm, host, hints) > 0 ||
  queueSurvives(state.hosts[host].memory.state.configuration.platform);

/** The controllers to flush for the region (bit k); 0 unless all that it needs have a hint. */
function flushable(state: State, vm: number, host: number, hints: number): number {
  const needed = maskOf(controllersOf(state, vm, host));
  const found = needed & hints;
  return found === needed || has(state, 'M6') ? found : 0;
}

/** The controllers of a host that have a physical flush hint (bit k). */
const hintsOf = ({ hosts }: State, host: number): number =>
  maskOf([...hosts[host].hints.keys()].filter((controller) => hosts[host].hints[controller]));

function back(state: State, vm: number, hint: VirtualHint, entry: number): FlushHintEvent | undefined {
  const { host } = state.virtualMachines[vm];
  const { frame, isFilled } = hint;
  const page = FIRST_HINT_PAGE + entry;
  if (frame < 0)
    return {
      kind: 'virtual-hint.allocated',
      vm,
      entry,
      page,
      frame: has(state, 'M7') ? 0 : freeFrame(state, host),
    };
  if (!isFilled) return { kind: 'frame.filled', host, frame, data: hint.carried };
  if (state.pageTables[vm].host.get(page) !== undefined) return undefined;
  return { kind: 'page.mapped', vm, level: 'host', page, frame, readable: true, writable: true };
}

/** The first frame, behind those of physical hints, that backs no virtual hint. */
function freeFrame({ hosts, guests, virtualMachines }: State, host: number): number {
  const taken = guests.flatMap(({ hints }, vm) => (virtualMachines[vm].host === host ? hints : []));
  const { hints, frames } = hosts[host];
  for (let frame = hints.length; frame < frames.length; frame++) {
    if (taken.every((hint) => hint.frame !== frame)) return frame;
  }
  throw new RangeError(`host ${host} has too few backing frames for this scenario`);
}

/** Protect, tell every core, wait for their answers: only then the hint is armed. */
function arm(state: State, vm: number, { hints, untold, determined }: Guest): FlushHintEvent | undefined {
  const isWritable = (page: number): boolean => state.pageTables[vm].host.get(page)?.writable === true;
  const open = hints.find(({ page }) => isWritable(page));
  if (open !== undefined)
    return { kind: 'page.protected', vm, level: 'host', page: open.page, readable: true };
  if (!has(state, 'M3') && untold.length > 0) return { kind: 'tlb.drop.requested', core: untold[0] };
  const answering = coresOf(state, vm).find(
    (core) => state.tlbs[core].flushRequested && !state.lateCores.includes(core),
  );
  if (answering !== undefined) return { kind: 'tlb.dropped', core: answering };
  const entry = dropsPending(state, vm) ? -1 : hints.findIndex(({ controllers }) => controllers === 0);
  return entry < 0 ? undefined : { kind: 'virtual-hint.armed', vm, entry, controllers: determined };
}

function disarm(state: State, vm: number, { hints }: Guest): FlushHintEvent | undefined {
  const entry = hints.findIndex(({ controllers }) => controllers !== 0);
  if (entry >= 0) return { kind: 'virtual-hint.disarmed', vm, entry };
  return firstOf(hints, ({ page }) =>
    state.pageTables[vm].host.get(page)?.writable === false
      ? { kind: 'page.protected', vm, level: 'host', page, readable: true, writable: true }
      : undefined,
  );
}

const mapInGuest = (state: State, vm: number, page: number): FlushHintEvent | undefined =>
  state.pageTables[vm].guest.get(page) === undefined
    ? { kind: 'page.mapped', vm, level: 'guest', page, frame: page, readable: true, writable: true }
    : undefined;

function firstOf(
  hints: readonly VirtualHint[],
  step: (hint: VirtualHint, entry: number) => FlushHintEvent | undefined,
): FlushHintEvent | undefined {
  for (const [entry, hint] of hints.entries()) {
    const event = step(hint, entry);
    if (event !== undefined) return event;
  }
  return undefined;
}
