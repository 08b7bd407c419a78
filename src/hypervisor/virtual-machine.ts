import { type AnyEvent, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';
import { PageMap } from './page-map.ts';
import { newTlb, type TlbState } from './tlb.ts';
import type { TranslationState } from './translation.ts';
import { coresOfMachine, type VirtualCoreState } from './virtual-core.ts';

const vm = field.count('the virtual machine');

/** Where virtual machines run, and when they do not. Source: mechanism sheets, section 1.7: fault F21 is a migration. */
export const virtualMachineEvents = eventTable({
  'vm.paused': {
    since: 1,
    meaning: 'The hypervisor holds every core of a virtual machine; all of them had left the guest.',
    fields: { vm },
  },
  'vm.unpaused': {
    since: 1,
    meaning: 'The cores of a paused virtual machine may enter the guest again, on the host where it is now.',
    fields: { vm },
  },
  'vm.moved': {
    since: 1,
    meaning:
      'A paused virtual machine came to another host: its memory, the guest’s table included, and its cores with their ' +
      'exits and interrupts. TLBs are empty there, and so is the host table.',
    fields: { vm, host: field.count('the host where it is now') },
  },
});

export interface VirtualMachine {
  /** Index of the host where it is. */
  host: number;
}

export interface VirtualMachineState {
  /** Whatever a mechanism keeps of each host; here it only matters how many there are. */
  readonly hosts: readonly unknown[];
  virtualMachines: VirtualMachine[];
}

export const newVirtualMachine = (host: number): VirtualMachine => ({ host });

type State = VirtualMachineState & VirtualCoreState & TranslationState & TlbState;

export const virtualMachineReducers: Reducers<State, typeof virtualMachineEvents> = {
  'vm.paused': (state, event) => {
    const cores = coresInMode(state, event, 'hypervisor');
    for (const core of cores) state.virtualCores[core].mode = 'paused';
  },
  'vm.unpaused': (state, event) => {
    const cores = coresInMode(state, event, 'paused');
    for (const core of cores) state.virtualCores[core].mode = 'hypervisor';
  },
  'vm.moved': (state, event) => {
    const cores = coresInMode(state, event, 'paused');
    const machine = state.virtualMachines[event.vm];
    expectLegal(event.host < state.hosts.length, event, `there is no host ${event.host}`);
    expectLegal(event.host !== machine.host, event, 'it is there already');
    machine.host = event.host;
    state.pageTables[event.vm].host = new PageMap();
    for (const core of cores) state.tlbs[core] = newTlb();
  },
};

/** Whether the hypervisor holds the cores of a virtual machine. */
export const isPaused = (state: VirtualCoreState, vm: number): boolean =>
  coresOfMachine(state, vm).every((core) => state.virtualCores[core].mode === 'paused');

/** The cores of a virtual machine, all of which must be in this mode. */
function coresInMode(
  state: VirtualMachineState & VirtualCoreState,
  event: AnyEvent & { readonly vm: number },
  mode: 'hypervisor' | 'paused',
): number[] {
  expectLegal(event.vm < state.virtualMachines.length, event, `there is no virtual machine ${event.vm}`);
  const cores = coresOfMachine(state, event.vm);
  const other = cores.find((core) => state.virtualCores[core].mode !== mode);
  expectLegal(other === undefined, event, `core ${other} is not in the mode ${mode}`);
  return cores;
}
