import { queueSurvives } from '../../hardware/persistent-memory/configuration.ts';
import type { PageMap } from '../../hypervisor/page-map.ts';
import type { Invariant } from '../mechanism.ts';
import { contentsAt } from './contents.ts';
import type { FlushHintEvent } from './events.ts';
import { coresOf, hostOf, lineAddress, memoryOf, type State, ZEROS } from './machine.ts';
import { canFlush, type FlushReference } from './reference.ts';
import { recover } from './schedule.ts';

type Judge = Invariant<State, FlushReference, FlushHintEvent>;

/** What is wrong with the first virtual machine for which something is. */
const eachMachine = (
  state: State,
  wrong: (vm: number, hints: readonly { page: number; frame: number }[]) => string | false,
): true | string => {
  for (let vm = 0; vm < state.guests.length; vm++) {
    const found = wrong(vm, state.guests[vm].hints);
    if (found !== false) return `virtual machine ${vm}: ${found}`;
  }
  return true;
};

/** The first line that holds something older than was promised. */
function staleLine(state: State, { machines }: FlushReference, vm: number): string | false {
  const { media, domain } = memoryOf(state, vm);
  const { lines } = machines[vm];
  for (let line = 0; line < lines.length; line++) {
    const { stored, onMedia, inDomain } = lines[line];
    const address = lineAddress(vm, line);
    // A value that was stored twice counts as the newer one.
    const saved = stored.lastIndexOf(contentsAt(domain, address));
    if ((media === null ? saved : stored.lastIndexOf(contentsAt(media, address))) < onMedia)
      return `line ${line} on the media is older than what a flush promised`;
    if (saved < inDomain) return `line ${line} in the persistence domain is older than what a flush promised`;
  }
  return false;
}

/** Whether some entry leads to a frame below this one, where the physical hints of a host are. */
function leadsBelow<T extends { readonly frame: number }>(map: PageMap<T>, firstFrame: number): boolean {
  for (const [, { frame }] of map.entries()) if (frame < firstFrame) return true;
  return false;
}

/** How many virtual hints of the virtual machines on a host a frame of it backs. */
function hintsBackedBy({ guests, virtualMachines }: State, host: number, frame: number): number {
  let backed = 0;
  for (let vm = 0; vm < guests.length; vm++) {
    if (virtualMachines[vm].host !== host) continue;
    for (const hint of guests[vm].hints) if (hint.frame === frame) backed++;
  }
  return backed;
}

export const invariants: readonly Judge[] = [
  {
    name: 'I2',
    meaning:
      'while a core is in the guest, its flush hints trap if and only if every queue of its region can be flushed',
    when: 'always',
    holds: (state, reference) =>
      eachMachine(state, (vm, hints) => {
        if (reference.machines[vm].exposed !== 'persistent') return false; // the guest knows of no hints
        if (coresOf(state, vm).every((core) => state.virtualCores[core].mode !== 'guest')) return false;
        const traps = canFlush(reference, vm);
        const other = hints.find(
          ({ page }) => (state.pageTables[vm].host.get(page)?.writable !== true) !== traps,
        );
        if (other === undefined) return false;
        return traps
          ? 'a flush hint does not trap'
          : 'a flush hint traps, and not every queue of its region can be flushed';
      }),
  },
  {
    name: 'I1',
    meaning:
      'what was flushed and fenced before a flush that retired is durable, in that value or a newer one',
    when: 'always',
    holds: (state, reference) =>
      eachMachine(state, (vm) => reference.machines[vm].loss === 'none' && staleLine(state, reference, vm)),
  },
  {
    name: 'I3',
    meaning: 'while a flush hint is armed, no TLB lets a store to it through',
    when: 'always',
    holds: (state, { machines }) =>
      eachMachine(state, (vm) => {
        const core = coresOf(state, vm).find((one) =>
          machines[vm].hints.some(
            ({ page, isArmed }) => isArmed && state.tlbs[one].entries.get(page)?.writable === true,
          ),
        );
        return core === undefined
          ? false
          : `the TLB of core ${core} holds a writable entry for an armed hint`;
      }),
  },
  {
    name: 'I4',
    meaning: 'each trap writes each physical hint of the region once',
    when: 'always',
    holds: (_, { wrong }) => wrong !== 'I4' || 'a trap wrote other physical hints than those of the region',
  },
  {
    name: 'I5',
    meaning: 'no table and no TLB of a guest leads to a physical flush hint',
    when: 'always',
    holds: (state) =>
      eachMachine(state, (vm) => {
        const firstFrame = hostOf(state, vm).hints.length;
        const isReached =
          leadsBelow(state.pageTables[vm].host, firstFrame) ||
          coresOf(state, vm).some((core) => leadsBelow(state.tlbs[core].entries, firstFrame));
        return isReached && 'the guest reaches a physical flush hint';
      }),
  },
  {
    name: 'I6',
    meaning: 'a backing page belongs to one flush hint, and holds nothing of another virtual machine',
    when: 'always',
    holds: (state, { machines }) =>
      eachMachine(state, (vm, hints) => {
        const { host } = state.virtualMachines[vm];
        for (const { page, frame } of hints) {
          if (frame < 0) continue;
          if (hintsBackedBy(state, host, frame) > 1) return `frame ${frame} backs two flush hints`;
          const contents = state.hosts[host].frames[frame];
          const isMapped = state.pageTables[vm].host.get(page) !== undefined;
          if (isMapped && contents !== ZEROS && !machines[vm].hintData.includes(contents))
            return `frame ${frame} holds what another virtual machine stored`;
        }
        return false;
      }),
  },
  {
    name: 'I7',
    meaning: 'a flush hint that need not trap costs no exit',
    when: 'always',
    holds: (_, { wrong }) => wrong !== 'I7' || 'a core left the guest for a flush hint that need not trap',
  },
  {
    name: 'I8',
    meaning: 'memory is shown as persistent only where a flush by the guest, or the platform, can make it so',
    when: 'always',
    holds: (state, reference) =>
      eachMachine(
        state,
        (vm) =>
          reference.machines[vm].exposed === 'persistent' &&
          !canFlush(reference, vm) &&
          !queueSurvives(memoryOf(state, vm).configuration.platform) &&
          'its region is shown as persistent on a host that cannot keep it',
      ),
  },
  {
    name: 'I9',
    meaning:
      'when recovery has ended, each virtual machine whose durability is void has been named, and no other',
    // Not left to G2, which knows one loss, whomever it befell, and asks nothing more once something was reported.
    when: 'always',
    holds: (state, { machines, wrong }) => {
      if (wrong === 'I9') return 'a loss was reported of a virtual machine that lost nothing';
      const silent = machines.findIndex(({ loss }) => loss === 'silent');
      if (silent < 0 || recover(state) !== undefined) return true;
      return `virtual machine ${silent} relied on a persistence domain that failed, and nothing says so`;
    },
  },
];
