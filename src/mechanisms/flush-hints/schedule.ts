import type { FlushHintEvent } from './events.ts';
import { guestStep } from './guest.ts';
import { type State, serviceCore } from './machine.ts';
import { isHeld, movementStep, operatorStep } from './movement.ts';
import { isReady } from './preparation.ts';
import { awaitHint, flushStep } from './trap.ts';

/** What happens next while nothing has failed; undefined when every program is at its end. */
export function decide(state: State): FlushHintEvent | undefined {
  const operation = operatorStep(state);
  if (operation !== undefined) return operation;
  for (let vm = 0; vm < state.guests.length; vm++) {
    const step = movementStep(state, vm);
    if (step !== undefined) return step;
  }
  const { cores, turn } = state;
  for (let i = 0; i < cores.length; i++) {
    const step = coreStep(state, (turn + i) % cores.length);
    if (step !== undefined) return step;
  }
  return serviceStep(state) ?? lateAnswer(state);
}

/**
 * Hosts come back; what was promised on the word of a persistence domain that failed is reported as lost, for each virtual
 * machine by itself. The others go on.
 */
export function recover(state: State): FlushHintEvent | undefined {
  const host = state.hosts.findIndex(({ memory }) => !memory.state.powered);
  if (host >= 0) return { kind: 'host.restarted', host };
  const vm = state.guests.findIndex(({ isVoid }) => isVoid);
  if (vm < 0) return undefined;
  return {
    kind: 'loss.reported',
    vm,
    what: `what virtual machine ${vm} flushed may be gone: the persistence domain failed, and no queue was flushed for it`,
  };
}

function coreStep(state: State, core: number): FlushHintEvent | undefined {
  const { vm, mode } = state.virtualCores[core];
  if (state.guests[vm].hasEnded) return undefined;
  const { flush } = state.cores[core];
  const { host } = state.virtualMachines[vm];
  if (flush !== null) return mode === 'hypervisor' ? flushStep(state, core, flush) : undefined;
  const awaited = awaitHint(state, host, core);
  if (awaited !== undefined) return awaited;
  if (mode === 'guest') return guestStep(state, core);
  if (mode === 'paused' || isHeld(state, vm) || !isReady(state, vm)) return undefined;
  return { kind: 'vm.resumed', core };
}

/** A physical hint that nobody waits for any more comes to its end all the same. */
function serviceStep(state: State): FlushHintEvent | undefined {
  for (let host = 0; host < state.hosts.length; host++) {
    const step = awaitHint(state, host, serviceCore(state));
    if (step !== undefined) return step;
  }
  return undefined;
}

function lateAnswer({ lateCores }: State): FlushHintEvent | undefined {
  const core = lateCores[0];
  return core === undefined ? undefined : { kind: 'tlb.dropped', core };
}
