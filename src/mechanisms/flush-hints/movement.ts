import { isPaused } from '../../hypervisor/virtual-machine.ts';
import { contentsAt } from './contents.ts';
import type { FlushHintEvent } from './events.ts';
import { drainStep } from './guest.ts';
import { chosen, coresOf, hostOf, lineAddress, memoryOf, type State } from './machine.ts';
import { isReady, keepsRegion, preparationStep } from './preparation.ts';
import { flusherOf } from './trap.ts';

/** What the hypervisor does next with a virtual machine as a whole; undefined when its cores may go on, or are awaited. */
export function movementStep(state: State, vm: number): FlushHintEvent | undefined {
  const { destination, hasEnded } = state.guests[vm];
  if (hasEnded) return undefined;
  if (destination >= 0 && isUnsafe(state, vm, destination))
    return { kind: 'migration.refused', vm, host: destination };
  if (losesItsHints(state, vm))
    return { kind: 'reconfiguration.refused', host: state.virtualMachines[vm].host };
  if (isHeld(state, vm)) {
    if (!isPaused(state, vm)) return pauseStep(state, vm);
    return destination >= 0 ? moveStep(state, vm, destination) : reconfigurationStep(state, vm);
  }
  const step = preparationStep(state, vm);
  if (step !== undefined || !isPaused(state, vm)) return step;
  return isReady(state, vm) ? { kind: 'vm.unpaused', vm } : undefined;
}

/** Whether the cores of a virtual machine are to leave the guest and stay out of it. */
export const isHeld = (state: State, vm: number): boolean =>
  state.guests[vm].destination >= 0 || hostOf(state, vm).wantedHints >= 0;

const isUnsafe = (state: State, vm: number, host: number): boolean =>
  state.guests[vm].exposed === 'persistent' && !keepsRegion(state, vm, host);

/** Whether the firmware is to take away hints without which nothing keeps what the guest takes for persistent. */
function losesItsHints(state: State, vm: number): boolean {
  const { host } = state.virtualMachines[vm];
  const { wantedHints } = state.hosts[host];
  return (
    wantedHints >= 0 &&
    state.guests[vm].exposed === 'persistent' &&
    !keepsRegion(state, vm, host, wantedHints)
  );
}

/** Brings every core out of the guest, each between two of its instructions; what is in their store buffers drains. */
function pauseStep(state: State, vm: number): FlushHintEvent | undefined {
  const cores = coresOf(state, vm);
  const memory = memoryOf(state, vm);
  const inside = cores.find(
    (core) => state.virtualCores[core].mode === 'guest' && memory.cores[core].fence === null,
  );
  if (inside !== undefined) return { kind: 'vm.exited', core: inside, reason: 'interrupt' };
  if (cores.some((core) => state.virtualCores[core].mode === 'guest' || isBusy(state, vm, core)))
    return undefined;
  const { host } = state.virtualMachines[vm];
  for (const core of cores) {
    const drained = drainStep(state, host, core);
    if (drained !== undefined) return drained;
  }
  return { kind: 'vm.paused', vm };
}

/** A flush is finished first, or it is dropped, to be trapped anew: but a physical hint that was written is awaited. */
function isBusy(state: State, vm: number, core: number): boolean {
  const { flush } = state.cores[core];
  if (flush === null) return false;
  if (chosen(state, 'flushAtMigration') === 'finish') return true;
  const { cores } = memoryOf(state, vm);
  const isServed = flush.stage !== 'fence before' && flush.stage !== 'queued';
  const { fence, hint } = cores[isServed ? flusherOf(state, core) : core];
  return fence !== null || hint !== null;
}

function moveStep(state: State, vm: number, destination: number): FlushHintEvent | undefined {
  const { copiedLines } = state.guests[vm];
  if (copiedLines === state.setup.value.machines[vm].lines)
    return { kind: 'vm.moved', vm, host: destination };
  const address = lineAddress(vm, copiedLines);
  const data = contentsAt(memoryOf(state, vm).visible, address);
  return { kind: 'region.copied', vm, host: destination, address, data };
}

/** Firmware switches hints when every virtual machine of the host is held. */
function reconfigurationStep(state: State, vm: number): FlushHintEvent | undefined {
  const { host } = state.virtualMachines[vm];
  const { wantedHints } = state.hosts[host];
  const isAwaited = state.guests.some(
    ({ hasEnded }, other) =>
      !hasEnded && state.virtualMachines[other].host === host && !isPaused(state, other),
  );
  return isAwaited ? undefined : { kind: 'host.reconfigured', host, hints: wantedHints };
}

/** The operator's next instruction, when the first core has come far enough in its program. */
export function operatorStep(state: State): FlushHintEvent | undefined {
  const instruction = state.setup.value.operator[state.operatorNext];
  if (instruction === undefined || state.cores[0].next < Number(instruction['after'])) return undefined;
  const host = Number(instruction['host']);
  if (instruction.do === 'reconfigure')
    return { kind: 'reconfiguration.requested', host, hints: Number(instruction['hints']) };
  const vm = Number(instruction['vm']);
  return { kind: 'migration.requested', vm, host };
}
