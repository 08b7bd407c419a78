import fc from 'fast-check';
import { eventArbitrary } from '../../src/fast-check.ts';
import { accessStep } from '../../src/hypervisor/access-step.ts';
import { ACCESSES, type Access } from '../../src/hypervisor/rights.ts';
import { newTlb, type TlbState, tlbEvents, tlbReducers } from '../../src/hypervisor/tlb.ts';
import {
  newPageTables,
  type TranslationState,
  translationEvents,
  translationReducers,
  walk,
} from '../../src/hypervisor/translation.ts';
import { trapEvents, trapReducers } from '../../src/hypervisor/traps.ts';
import { newVirtualCore, type VirtualCoreState } from '../../src/hypervisor/virtual-core.ts';
import {
  newVirtualMachine,
  type VirtualMachineState,
  virtualMachineEvents,
  virtualMachineReducers,
} from '../../src/hypervisor/virtual-machine.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import { type EventOf, eventTable } from '../../src/kernel/event-table.ts';
import { evolveBy } from '../../src/kernel/reducers.ts';

/** All parts together, as a mechanism would compose them. */
export const machineEvents = eventTable({
  ...translationEvents,
  ...tlbEvents,
  ...trapEvents,
  ...virtualMachineEvents,
});
export type MachineEvent = EventOf<typeof machineEvents>;
export type MachineState = TranslationState & TlbState & VirtualCoreState & VirtualMachineState;

export const evolve: (state: MachineState, event: MachineEvent) => void = evolveBy<MachineState>({
  ...translationReducers,
  ...tlbReducers,
  ...trapReducers,
  ...virtualMachineReducers,
});

/** Machine 0 has nested paging and cores 0 and 1; machine 1 has shadow paging and core 2. */
export const PAGING = ['nested', 'shadow'] as const;
export const VM_OF_CORE = [0, 0, 1] as const;
export const HOST_COUNT = 2;
export const PAGES = [0, 1, 2] as const;

export const newMachine = (): MachineState => ({
  pageTables: PAGING.map((paging) => newPageTables(paging)),
  tlbs: VM_OF_CORE.map(newTlb),
  virtualCores: VM_OF_CORE.map((vm) => newVirtualCore(vm)),
  hosts: new Array<null>(HOST_COUNT).fill(null),
  virtualMachines: PAGING.map(() => newVirtualMachine(0)),
});

/** False when the event is illegal here. */
export function tryEvolve(state: MachineState, event: MachineEvent): boolean {
  try {
    evolve(state, event);
    return true;
  } catch (error) {
    if (error instanceof IllegalEvent) return false;
    throw error;
  }
}

export const accesses = VM_OF_CORE.flatMap((vm, core) =>
  PAGES.flatMap((page) => ACCESSES.map((access) => ({ vm, core, page, access }))),
);

type Spoiled = 'nothing' | 'frame' | 'readable' | 'writable' | 'executable' | 'dirty';

/** An event; the next step of an access; or a fill, right or nearly: events drawn at random hardly ever complete a walk. */
export type Action =
  | MachineEvent
  | { kind: 'access'; core: number; page: number; access: Access }
  | { kind: 'fill'; core: number; page: number; spoiled: Spoiled };

/** The event that an action means in this state; undefined when there is none. */
export function eventOf(state: MachineState, action: Action): MachineEvent | undefined {
  if (action.kind === 'access') return accessStep(state, action.core, action.page, action.access);
  return action.kind === 'fill' ? fillOf(state, action.core, action.page, action.spoiled) : action;
}

function fillOf(state: MachineState, core: number, page: number, spoiled: Spoiled): MachineEvent | undefined {
  const now = walk(state.pageTables[VM_OF_CORE[core]], page);
  if (now.kind !== 'walked') return undefined;
  const { frame, readable, writable, executable, dirty } = now.entry;
  const flags = Object.entries({ readable, writable, executable, dirty })
    .filter(([name, given]) => given !== (name === spoiled))
    .map(([name]) => [name, true]);
  const wrongFrame = spoiled === 'frame' ? 1 : 0;
  return { kind: 'tlb.filled', core, page, frame: frame + wrongFrame, ...Object.fromEntries(flags) };
}

const all = { readable: true, writable: true, executable: true } as const;

/** Every core in the guest, and page 0 mapped to frame 0 at every level. */
export const prologue: readonly MachineEvent[] = [
  ...VM_OF_CORE.map((_, core) => ({ kind: 'vm.resumed', core }) as const),
  ...PAGING.flatMap((_, vm) =>
    (['guest', 'host'] as const).map(
      (level) => ({ kind: 'page.mapped', vm, level, page: 0, frame: 0, ...all }) as const,
    ),
  ),
];

const page = fc.constantFrom(...PAGES);
const core = fc.nat(VM_OF_CORE.length - 1);

export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: eventArbitrary(machineEvents, { maxCount: 3, withCause: false }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('access' as const),
      core,
      page,
      access: fc.constantFrom(...ACCESSES),
    }),
  },
  {
    weight: 2,
    arbitrary: eventArbitrary(machineEvents, {
      kinds: ['page.mapped', 'page.protected', 'page.marked', 'page.unmarked'],
      maxCount: 2,
      withCause: false,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      core,
      page,
      spoiled: fc.constantFrom(
        ...(['nothing', 'frame', 'readable', 'writable', 'executable', 'dirty'] as const),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vm.resumed' as const), core }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('page.mapped' as const),
      vm: fc.nat(1),
      level: fc.constantFrom('guest' as const, 'host' as const),
      page,
      frame: page,
      readable: fc.constant(true as const),
      writable: fc.constant(true as const),
    }),
  },
);

export const actions = fc.array(action, { maxLength: 80, size: 'max' });
