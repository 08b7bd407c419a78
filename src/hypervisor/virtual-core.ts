import type { AnyEvent } from '../kernel/event-table.ts';
import { expectLegal } from '../kernel/reducers.ts';
import type { Access } from './rights.ts';

export const EXIT_REASONS = ['host-violation', 'hypercall', 'interrupt', 'exception'] as const;

/** Why a core left the guest, and for which access, where it was one. */
export interface Exit {
  readonly reason: (typeof EXIT_REASONS)[number];
  /** The virtual page. */
  readonly page: number | null;
  /** The page that the host table was asked for. */
  readonly guestPage: number | null;
  readonly access: Access | null;
}

/** A core of a virtual machine. Cores are numbered across all virtual machines, so that an event names just the core. */
export interface VirtualCore {
  /** The virtual machine that it belongs to, for good. */
  readonly vm: number;
  /** Executing guest code; in the hypervisor; or held there because the virtual machine is paused. */
  mode: 'guest' | 'hypervisor' | 'paused';
  /** The exit that the hypervisor is handling; null when there is none, as before the first entry. */
  exit: Exit | null;
  /** Vectors of the interrupts that the guest has not taken yet, in ascending order. */
  interrupts: number[];
}

export interface VirtualCoreState {
  virtualCores: VirtualCore[];
}

/** A core that has not entered the guest yet. */
export const newVirtualCore = (vm: number): VirtualCore => ({
  vm,
  mode: 'hypervisor',
  exit: null,
  interrupts: [],
});

/** The core that an event names. */
export function coreOf(state: VirtualCoreState, event: AnyEvent & { readonly core: number }): VirtualCore {
  expectLegal(event.core < state.virtualCores.length, event, `there is no core ${event.core}`);
  return state.virtualCores[event.core];
}

/** The numbers of the cores of a virtual machine, in ascending order. */
export function coresOfMachine({ virtualCores }: VirtualCoreState, vm: number): number[] {
  const cores: number[] = [];
  for (let core = 0; core < virtualCores.length; core++) if (virtualCores[core].vm === vm) cores.push(core);
  return cores;
}
