import { Fixed } from '../../kernel/fixed.ts';
import type { ReferenceModel } from '../mechanism.ts';
import type { FlushHintEvent } from './events.ts';
import { LINE_BYTES, lineAddress, type Setup, setupOf, ZEROS } from './machine.ts';

/** One line of a region, as its guest stored and flushed it. Values are told by their place in `stored`. */
export interface ReferenceLine {
  /** What became visible, in order; the first is what was there before. */
  stored: string[];
  /** The newest value that a flush and the fence after it covered. */
  fenced: number;
  /** The oldest values that may be found, from flushes that retired: on the media, and in the persistence domain. */
  onMedia: number;
  inDomain: number;
}

export interface ReferenceMachine {
  host: number;
  exposed: 'persistent' | 'volatile' | null;
  lines: ReferenceLine[];
  /** It entered the guest where queues cannot all be flushed, and nothing has been flushed for it since. */
  reliesOnDomain: boolean;
  /** Its virtual flush hints: guest-physical page (-1 before there is one), and whether writes to it are said to trap. */
  hints: { page: number; isArmed: boolean }[];
  /** What it stored to its flush hints. */
  hintData: string[];
  /** It relied on a persistence domain that was not saved; and whether that has been said of it. */
  loss: 'none' | 'silent' | 'reported';
}

/** What a core flushed, by line of its region. */
export interface ReferenceCore {
  /** The value that CLWB found, up to the next fence; -1 when none. */
  flushed: number[];
  /** What the core stored last, in the order of its program; empty when nothing. */
  storedLast: string[];
  /** What it stored before its last CLFLUSH of the line, which is ordered before a later write without a fence. */
  clflushed: string[];
  /** A write to a flush hint trapped: `fenced` and `clflushed` at that moment, and the controllers written and done since. */
  trap: { fenced: number[]; clflushed: string[]; written: number[]; done: number[] } | null;
}

/** What guests did and were promised, in plain arrays. Source: sheet S1, I1; section 3.4 for the decision point. */
export interface FlushReference {
  setup: Fixed<Setup>;
  /** Of each machine, on each host: the controllers whose queues hold lines of its region, in ascending order. */
  needed: Fixed<readonly (readonly (readonly number[])[])[]>;
  machines: ReferenceMachine[];
  cores: ReferenceCore[];
  hosts: { hints: boolean[]; serving: number; adrFailed: boolean }[];
  /** What the last event did that no hypervisor may do; null while it did nothing of the kind. */
  wrong: 'I4' | 'I7' | 'I9' | null;
}

export const reference: ReferenceModel<FlushReference, FlushHintEvent> = {
  initial: (setting) => {
    const setup = setupOf(setting);
    return {
      setup: new Fixed(setup),
      needed: new Fixed(
        setup.machines.map(({ lines }, vm) =>
          setup.hosts.map(({ hints }) => controllersServing(vm, lines, hints.length)),
        ),
      ),
      machines: setup.machines.map(({ host, cores, lines }) => ({
        host,
        exposed: null,
        lines: Array.from({ length: lines }, () => ({ stored: [ZEROS], fenced: 0, onMedia: 0, inDomain: 0 })),
        reliesOnDomain: false,
        hints: Array.from({ length: setup.policy['hintsPer'] === 'core' ? cores : 1 }, () => ({
          page: -1,
          isArmed: false,
        })),
        hintData: [],
        loss: 'none',
      })),
      cores: setup.machines.flatMap(({ cores, lines }) =>
        Array.from({ length: cores }, () => ({
          flushed: new Array<number>(lines).fill(-1),
          storedLast: new Array<string>(lines).fill(''),
          clflushed: new Array<string>(lines).fill(''),
          trap: null,
        })),
      ),
      hosts: setup.hosts.map(({ hints }) => ({ hints: hints.slice(), serving: -1, adrFailed: false })),
      wrong: null,
    };
  },
  evolve: (reference, event) => {
    reference.wrong = null;
    follow(reference, event);
  },
  lost: ({ machines }) => {
    if (machines.every(({ loss }) => loss === 'none')) return undefined;
    const lossy = [...machines.keys()].filter((vm) => machines[vm].loss !== 'none');
    return `what virtual machine ${lossy.join(' and ')} flushed: a persistence domain was not saved`;
  },
};

/** Lines go round over the controllers of a host. */
function controllersServing(vm: number, lines: number, controllers: number): number[] {
  const serving = Array.from(
    { length: lines },
    (_, line) => (lineAddress(vm, line) / LINE_BYTES) % controllers,
  );
  return ascending([...new Set(serving)]);
}

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((one, other) => one - other);

/** The controllers whose queues hold lines of a region where it is now. */
const controllersNeeded = ({ needed, machines }: FlushReference, vm: number): readonly number[] =>
  needed.value[vm][machines[vm].host];

/** Whether all of them have a physical flush hint. */
export function canFlush(reference: FlushReference, vm: number): boolean {
  const { hints } = reference.hosts[reference.machines[vm].host];
  return controllersNeeded(reference, vm).every((one) => hints[one]);
}

const vmOf = ({ setup }: FlushReference, core: number): number => setup.value.machineOfCore[core];

const coresOf = (reference: FlushReference, vm: number): ReferenceCore[] =>
  reference.cores.filter((_, core) => vmOf(reference, core) === vm);

function follow(reference: FlushReference, event: FlushHintEvent): void {
  const { machines, cores, hosts } = reference;
  switch (event.kind) {
    case 'store.buffered':
      cores[event.core].storedLast[lineIn(reference, event)] = event.data;
      break;
    case 'flush.buffered': {
      const line = lineIn(reference, event);
      const { clflushed, storedLast } = cores[event.core];
      if (event.instruction === 'clflush') clflushed[line] = storedLast[line];
      break;
    }
    case 'store.visible':
      machines[vmOf(reference, event.core)].lines[lineIn(reference, event)].stored.push(event.data);
      break;
    case 'line.flushed': {
      const at = lineIn(reference, event);
      const line = machines[vmOf(reference, event.core)].lines[at];
      if (event.instruction === 'clflush') line.fenced = newest(line);
      else cores[event.core].flushed[at] = newest(line);
      break;
    }
    case 'fence.retired':
      if (event.core < cores.length) fence(reference, event.core);
      break;
    case 'region.exposed':
      machines[event.vm].exposed = event.as;
      break;
    case 'vm.exited':
      if (event.reason === 'host-violation') trap(reference, event.core);
      break;
    case 'vm.resumed': {
      const vm = vmOf(reference, event.core);
      if (!canFlush(reference, vm)) machines[vm].reliesOnDomain = true;
      break;
    }
    case 'vm.paused':
      for (const core of coresOf(reference, event.vm)) core.trap = null;
      break;
    case 'vm.moved':
      machines[event.vm].host = event.host;
      machines[event.vm].reliesOnDomain = false;
      disarmAll(machines[event.vm]);
      break;
    case 'virtual-hint.allocated':
      machines[event.vm].hints[event.entry].page = event.page;
      break;
    case 'virtual-hint.armed':
      machines[event.vm].hints[event.entry].isArmed = true;
      break;
    case 'virtual-hint.disarmed':
      machines[event.vm].hints[event.entry].isArmed = false;
      break;
    case 'flush.taken':
      hosts[event.host].serving = event.core;
      break;
    case 'hint.written':
      trapServed(reference, event)?.written.push(event.controller);
      break;
    case 'hint.done':
      trapServed(reference, event)?.done.push(event.controller);
      decide(reference, served(reference, event));
      break;
    case 'virtual-hint.retired':
      retire(reference, event.core);
      break;
    case 'virtual-hint.stored': {
      const vm = vmOf(reference, event.core);
      // Where queues can be flushed they should have been: the guest may rely on the media, whether the write trapped or not.
      promise(reference, event.core, canFlush(reference, vm) ? 'onMedia' : 'inDomain', {
        fenced: machines[vm].lines.map(({ fenced }) => fenced),
        clflushed: cores[event.core].clflushed,
      });
      if (!machines[vm].hintData.includes(event.data)) machines[vm].hintData.push(event.data);
      break;
    }
    case 'host.reconfigured':
      hosts[event.host].hints = hosts[event.host].hints.map((_, at) => ((event.hints >> at) & 1) === 1);
      break;
    case 'adr.failed':
      hosts[event.host].adrFailed = true;
      break;
    case 'power.lost':
      losePower(reference, event.host);
      break;
    case 'loss.reported':
      if (machines[event.vm].loss === 'none') reference.wrong = 'I9';
      else machines[event.vm].loss = 'reported';
      break;
  }
}

const lineIn = (reference: FlushReference, event: { core: number; address: number }): number =>
  (event.address - lineAddress(vmOf(reference, event.core), 0)) / LINE_BYTES;

const newest = ({ stored }: ReferenceLine): number => stored.length - 1;

function fence(reference: FlushReference, core: number): void {
  const { flushed } = reference.cores[core];
  for (const [at, line] of reference.machines[vmOf(reference, core)].lines.entries()) {
    line.fenced = Math.max(line.fenced, flushed[at]);
    flushed[at] = -1;
  }
}

function trap(reference: FlushReference, core: number): void {
  const vm = vmOf(reference, core);
  const { clflushed } = reference.cores[core];
  if (!canFlush(reference, vm)) reference.wrong = 'I7';
  reference.cores[core].trap = {
    fenced: reference.machines[vm].lines.map(({ fenced }) => fenced),
    clflushed: clflushed.slice(),
    written: [],
    done: [],
  };
}

/** The virtual core for which a core of a host writes physical hints. */
const served = ({ cores, hosts }: FlushReference, event: { host: number; core: number }): number =>
  event.core < cores.length ? event.core : hosts[event.host].serving;

const trapServed = (reference: FlushReference, event: { host: number; core: number }) =>
  reference.cores[served(reference, event)]?.trap;

/** The last physical hint of a trap is done: from now on loss is illegal. */
function decide(reference: FlushReference, core: number): void {
  const trap = reference.cores[core]?.trap;
  if (trap === undefined || trap === null) return;
  const vm = vmOf(reference, core);
  if (!controllersNeeded(reference, vm).every((one) => trap.done.includes(one))) return;
  promise(reference, core, 'onMedia', trap);
  reference.machines[vm].reliesOnDomain = false;
}

/** The guest goes on: it takes what it flushed for durable, whatever the hypervisor has done. */
function retire(reference: FlushReference, core: number): void {
  const { trap } = reference.cores[core];
  reference.cores[core].trap = null;
  if (trap === null) return;
  const needed = controllersNeeded(reference, vmOf(reference, core));
  if (ascending(trap.written).join() !== needed.join()) reference.wrong = 'I4';
  promise(reference, core, 'onMedia', trap);
}

function promise(
  reference: FlushReference,
  core: number,
  where: 'onMedia' | 'inDomain',
  { fenced, clflushed }: { fenced: readonly number[]; clflushed: readonly string[] },
): void {
  const { exposed, lines } = reference.machines[vmOf(reference, core)];
  if (exposed !== 'persistent') return;
  for (const [at, line] of lines.entries()) {
    // What CLFLUSH covered and is not even visible is newer than everything that is.
    const ordered = clflushed[at] === '' ? 0 : line.stored.lastIndexOf(clflushed[at]);
    line[where] = Math.max(line[where], fenced[at], ordered < 0 ? line.stored.length : ordered);
  }
}

/** What was armed on a host is not on another one, nor for a machine that has ended. */
function disarmAll({ hints }: ReferenceMachine): void {
  for (const hint of hints) hint.isArmed = false;
}

function losePower(reference: FlushReference, host: number): void {
  const { adrFailed } = reference.hosts[host];
  reference.hosts[host].adrFailed = false;
  reference.hosts[host].serving = -1;
  for (const [vm, machine] of reference.machines.entries()) {
    if (machine.host !== host) continue;
    disarmAll(machine);
    for (const core of coresOf(reference, vm)) core.trap = null;
    if (adrFailed && machine.reliesOnDomain && machine.exposed === 'persistent') machine.loss = 'silent';
    machine.reliesOnDomain = false; // saved or lost: later failures find it on the media, or not at all
  }
}
