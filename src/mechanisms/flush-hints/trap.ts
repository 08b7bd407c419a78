import { drains } from '../../hardware/persistent-memory/operations.ts';
import type { FlushHintEvent } from './events.ts';
import { fenceStep } from './guest.ts';
import { chosen, type Flush, has, hostOf, memoryOf, type State, serviceCore } from './machine.ts';
import { bitsOf, hintOf } from './virtual-hints.ts';

/** The core that writes the physical hints for a virtual core that trapped. */
export const flusherOf = (state: State, core: number): number =>
  chosen(state, 'handler') === 'service core' ? serviceCore(state) : core;

/** Where the handling of a trap begins, and where it goes on when the fence before the hints has retired. */
export const firstStage = (state: State): Flush['stage'] =>
  has(state, 'M8') && chosen(state, 'handler') === 'service core' ? 'queued' : 'fence before';
export const stageAfterFence = (state: State): Flush['stage'] =>
  chosen(state, 'handler') === 'service core' ? 'queued' : 'hints';

/** The physical hints that a trap of this core is passed on to, in order. */
export function targetsOf(state: State, core: number): number[] {
  const controllers = bitsOf(hintOf(state, core).controllers);
  return has(state, 'M1') ? controllers.slice(0, 1) : controllers;
}

/** What the hypervisor does next for a trapped flush; undefined while it waits for others. */
export function flushStep(state: State, core: number, { stage, done }: Flush): FlushHintEvent | undefined {
  const { vm } = state.virtualCores[core];
  const { host } = state.virtualMachines[vm];
  const flusher = flusherOf(state, core);
  switch (stage) {
    case 'fence before':
      return fenceStep(state, host, core);
    case 'queued':
      return hostOf(state, vm).serving < 0 ? { kind: 'flush.taken', host, core } : undefined;
    case 'hints': {
      const awaited = memoryOf(state, vm).cores[flusher].hint;
      if (awaited === null) return nextHint(state, core, done);
      const isLast = done === targetsOf(state, core).length - 1;
      return has(state, 'M2') && isLast ? retired(state, core) : awaitHint(state, host, flusher);
    }
    case 'fence after':
      return fenceStep(state, host, flusher);
    case 'complete':
      return retired(state, core);
  }
}

const retired = (state: State, core: number): FlushHintEvent => ({
  kind: 'virtual-hint.retired',
  core,
  entry: state.guests[state.virtualCores[core].vm].hints.indexOf(hintOf(state, core)),
});

function nextHint(state: State, core: number, done: number): FlushHintEvent | undefined {
  const { vm } = state.virtualCores[core];
  if (has(state, 'M5') && done === 0 && isFlushing(state, vm, core)) return undefined;
  const controller = targetsOf(state, core)[done];
  if (memoryOf(state, vm).hintAt[controller] !== 0) return undefined; // it works on the hint of another core
  const { host } = state.virtualMachines[vm];
  return { kind: 'hint.written', host, core: flusherOf(state, core), controller };
}

/** M5: whether another core of the virtual machine is in the midst of a flush. */
const isFlushing = (state: State, vm: number, core: number): boolean =>
  state.cores.some(
    ({ flush }, other) =>
      other !== core &&
      state.virtualCores[other].vm === vm &&
      flush?.stage === 'hints' &&
      (flush.done > 0 || memoryOf(state, vm).cores[flusherOf(state, other)].hint !== null),
  );

/** The next line that a physical hint still has to bring to the media, then its end; undefined when the core awaits none. */
export function awaitHint(state: State, host: number, core: number): FlushHintEvent | undefined {
  const memory = state.hosts[host].memory.state;
  const { hint } = memory.cores[core];
  if (hint === null) return undefined;
  const drained = drains(memory, hint)[0];
  if (drained?.kind === 'wpq.drained') return { ...drained, host };
  return { kind: 'hint.done', host, core, controller: hint };
}

/** The last physical hint of a trap is done: the decision point. */
export function passDecision(state: State, core: number, flush: Flush): void {
  const { vm } = state.virtualCores[core];
  flush.stage = 'fence after';
  state.guests[vm].reliesOnDomain = false;
  if (!has(state, 'M5')) return;
  for (const [other, { flush }] of state.cores.entries()) {
    if (state.virtualCores[other].vm === vm && flush?.stage === 'hints') flush.stage = 'fence after';
  }
}
