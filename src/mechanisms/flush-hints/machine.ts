import {
  controllerOf,
  FILE_SPACE_BYTES,
  type Platform,
} from '../../hardware/persistent-memory/configuration.ts';
import { evolveMemory } from '../../hardware/persistent-memory/evolve.ts';
import { MemoryPart } from '../../hardware/persistent-memory/memory-part.ts';
import { initialMemory, type MemoryState } from '../../hardware/persistent-memory/state.ts';
import { newTlb, type TlbState } from '../../hypervisor/tlb.ts';
import { newPageTables, type TranslationState } from '../../hypervisor/translation.ts';
import { newVirtualCore, type VirtualCoreState } from '../../hypervisor/virtual-core.ts';
import { newVirtualMachine, type VirtualMachineState } from '../../hypervisor/virtual-machine.ts';
import { Fixed } from '../../kernel/fixed.ts';
import type { Instruction, Policy, Setting } from '../mechanism.ts';

/** A line is one atom, so that it is durable as a whole: what tears is not the matter of this mechanism. */
export const LINE_BYTES = 8;

/** What a line, and a page frame as far as anyone looks at it, holds before the first store. */
export const ZEROS = '00'.repeat(LINE_BYTES);

const STORE_BUFFER_ENTRIES = 4;

/** What does not change in a run. */
export interface Setup {
  /** `hints`: of each memory controller, whether its NVDIMMs have a flush hint address. */
  readonly hosts: readonly { readonly platform: Platform; readonly hints: readonly boolean[] }[];
  /** `lines`: size of the region. Its lines are interleaved over the controllers one by one. */
  readonly machines: readonly { readonly host: number; readonly cores: number; readonly lines: number }[];
  /** Of each virtual core, the machine that it belongs to. */
  readonly machineOfCore: readonly number[];
  /** Of each machine, its virtual cores, in ascending order. */
  readonly coresOfMachine: readonly (readonly number[])[];
  /** Page frames of each host that back flush hints, besides those of physical hints. */
  readonly backingFrames: number;
  /** Of each virtual core. */
  readonly programs: readonly (readonly Instruction[])[];
  readonly operator: readonly Instruction[];
  readonly policy: Policy;
  readonly mutant: string | undefined;
}

/** A virtual flush hint of a virtual machine, as it is backed on the host where the machine is. */
export interface VirtualHint {
  /** Guest-physical page; the guest maps it at the same virtual page. */
  page: number;
  /** Frame that backs it; -1 before one is chosen. */
  frame: number;
  /** The frame holds what the guest may see. */
  isFilled: boolean;
  /** Bit k: writes are passed on to the physical hint of controller k. 0: not armed. */
  controllers: number;
  /** What the backing page held on the host before, as far as it is to go along. */
  carried: string;
}

/** What the hypervisor keeps of a virtual machine with persistent memory. */
export interface Guest {
  hints: VirtualHint[];
  /** What the virtual NFIT says of the region; null before it is shown. */
  exposed: 'persistent' | 'volatile' | null;
  /** The controllers whose queues must be flushed and can be, as found on this host (bit k); 0: none; -1: not asked yet. */
  determined: number;
  /** Cores that still have to be told of a tightening. */
  untold: number[];
  /** Where it is to move; -1 when nowhere. */
  destination: number;
  /** Lines of the region that the destination has. */
  copiedLines: number;
  /** It ran unarmed on this host since its last complete flush: what it was promised may lie in queues alone. */
  reliesOnDomain: boolean;
  /** It relied on a persistence domain that failed, and nobody has said so yet. */
  isVoid: boolean;
  /** Its host lost power. */
  hasEnded: boolean;
}

/**
 * A trap on a flush hint that is being handled: fence, write and await each physical hint, fence, complete the
 * instruction.
 */
export interface Flush {
  stage: 'fence before' | 'queued' | 'hints' | 'fence after' | 'complete';
  /** Physical hints that are done. */
  done: number;
}

export interface GuestCore {
  /** Index of the next instruction. */
  next: number;
  /** The trap that the hypervisor handles for it; null when none. */
  flush: Flush | null;
}

export interface Host {
  memory: MemoryPart;
  /** Of each controller, whether its NVDIMMs have a flush hint address now. */
  hints: boolean[];
  /** Contents of page frames: frame k is that of the physical hint of controller k, then those that back virtual hints. */
  frames: string[];
  /** The virtual core whose flush the service core is at; -1 when none. */
  serving: number;
  /** Controllers that shall have a hint (bit k) when all virtual machines are held; -1 when nothing is to change. */
  wantedHints: number;
  /** The next loss of power takes the persistence domain along. */
  adrFailed: boolean;
}

/** Hosts with NVDIMMs, virtual machines with virtual flush hints. Virtual core k runs on core k of its host. Source: sheet S1. */
export interface State extends VirtualMachineState, VirtualCoreState, TranslationState, TlbState {
  setup: Fixed<Setup>;
  hosts: Host[];
  guests: Guest[];
  cores: GuestCore[];
  /** Index of the operator's next instruction. */
  operatorNext: number;
  /** Cores that answer shootdowns late (F16). */
  lateCores: number[];
  /** The core that goes next. */
  turn: number;
}

export const has = ({ setup }: State, mutant: string): boolean => setup.value.mutant === mutant;
export const chosen = ({ setup }: State, policy: string): string => setup.value.policy[policy];

/** The virtual cores of a machine, in ascending order. */
export const coresOf = ({ setup }: State, vm: number): readonly number[] => setup.value.coresOfMachine[vm];

export const hostOf = (state: State, vm: number): Host => state.hosts[state.virtualMachines[vm].host];
export const memoryOf = (state: State, vm: number): MemoryState => hostOf(state, vm).memory.state;

/** The core of every host that no virtual core runs on. */
export const serviceCore = ({ cores }: State): number => cores.length;

/** NVDIMM address of a line of a virtual machine's region; the same on every host. */
export const lineAddress = (vm: number, line: number): number => vm * FILE_SPACE_BYTES + line * LINE_BYTES;

/** The controllers that serve the region of a virtual machine on a host. */
export function controllersOf(state: State, vm: number, host: number): number[] {
  const { configuration } = state.hosts[host].memory.state;
  const { lines } = state.setup.value.machines[vm];
  const serving = new Set<number>();
  for (let line = 0; line < lines; line++) serving.add(controllerOf(configuration, lineAddress(vm, line)));
  return [...serving].sort((a, b) => a - b);
}

/** Actors `core0`, `core1`, … are virtual cores, in the order of the machines; `operator` is the operator. */
export function setupOf({ scenario, policy, mutant }: Setting): Setup {
  const { world, actors } = scenario;
  const { operator = [], ...cores } = actors;
  const machines = world['machines'] as unknown as Setup['machines'];
  const machineOfCore = machines.flatMap(({ cores }, vm) => new Array<number>(cores).fill(vm));
  return {
    hosts: world['hosts'] as unknown as Setup['hosts'],
    machines,
    machineOfCore,
    coresOfMachine: machines.map((_, vm) =>
      [...machineOfCore.keys()].filter((core) => machineOfCore[core] === vm),
    ),
    backingFrames: Number(world['backingFrames']),
    programs: Object.values(cores),
    operator,
    policy,
    mutant,
  };
}

export function initialState(setting: Setting): State {
  const setup = setupOf(setting);
  const { hosts, machines, machineOfCore, policy } = setup;
  return {
    setup: new Fixed(setup),
    hosts: hosts.map((_, host) => initialHost(setup, host)),
    virtualMachines: machines.map(({ host }) => newVirtualMachine(host)),
    virtualCores: machineOfCore.map(newVirtualCore),
    pageTables: machines.map(() => newPageTables()),
    tlbs: machineOfCore.map(newTlb),
    guests: machines.map(({ cores }) => initialGuest(policy['hintsPer'] === 'core' ? cores : 1)),
    cores: machineOfCore.map(() => ({ next: 0, flush: null })),
    operatorNext: 0,
    lateCores: [],
    turn: 0,
  };
}

const initialGuest = (hints: number): Guest => ({
  hints: Array.from({ length: hints }, () => ({
    page: -1,
    frame: -1,
    isFilled: false,
    controllers: 0,
    carried: ZEROS,
  })),
  exposed: null,
  determined: -1,
  untold: [],
  destination: -1,
  copiedLines: 0,
  reliesOnDomain: false,
  isVoid: false,
  hasEnded: false,
});

function initialHost({ hosts, machines, machineOfCore, backingFrames }: Setup, host: number): Host {
  const { platform, hints } = hosts[host];
  const memory = initialMemory({
    platform,
    lineBytes: LINE_BYTES,
    interleaveBytes: LINE_BYTES,
    controllers: hints.length,
    cores: machineOfCore.length + 1,
    storeBufferEntries: STORE_BUFFER_ENTRIES,
  });
  for (const [vm, { lines }] of machines.entries()) {
    evolveMemory(memory, {
      kind: 'file.mapped',
      file: `region ${vm}`,
      base: 0n,
      sizeBytes: lines * LINE_BYTES,
      fileOffset: 0,
    });
  }
  return {
    memory: new MemoryPart(memory),
    hints: hints.slice(),
    frames: new Array<string>(hints.length + backingFrames).fill(ZEROS),
    serving: -1,
    wantedHints: -1,
    adrFailed: false,
  };
}
