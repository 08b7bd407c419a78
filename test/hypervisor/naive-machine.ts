import type { Access } from '../../src/hypervisor/rights.ts';
import { staleEntries, type Tlb } from '../../src/hypervisor/tlb.ts';
import { translate } from '../../src/hypervisor/translate.ts';
import type { PageEntry } from '../../src/hypervisor/translation.ts';
import {
  accesses,
  HOST_COUNT,
  type MachineEvent,
  type MachineState,
  PAGES,
  PAGING,
  VM_OF_CORE,
} from './machine.ts';

// Translation as a sentence says it: a TLB entry is a copy of the table entries that a walk passed, and what it allows
// is asked of these copies at each access.

interface NaiveEntry {
  frame: number;
  /** Letters out of r, w and x. */
  rights: string;
  accessed: boolean;
  dirty: boolean;
  bits: number;
}

type Level = 'guest' | 'host';
type Path = NaiveEntry[];
type Flags = { readable?: true; writable?: true; executable?: true };
type Outcome = [kind: string, page?: number];

const lettersOf = ({ readable, writable, executable }: Flags): string =>
  (readable ? 'r' : '') + (writable ? 'w' : '') + (executable ? 'x' : '');

const letterOf = (access: Access): string => ({ read: 'r', write: 'w', execute: 'x' })[access];

export class NaiveMachine {
  tables = PAGING.map(() => ({ guest: new Map<number, NaiveEntry>(), host: new Map<number, NaiveEntry>() }));
  hosts = PAGING.map(() => 0);
  cores = VM_OF_CORE.map((vm) => ({
    vm,
    mode: 'hypervisor',
    waiting: new Set<number>(),
    asked: new Set<number | 'all'>(),
    tlb: new Map<number, Path>(),
  }));

  copy(): NaiveMachine {
    return Object.assign(new NaiveMachine(), structuredClone({ ...this }));
  }

  /** Table entries on the way from a virtual page, as far as they are present; under shadow paging the first is made up. */
  private path(vm: number, page: number): Path {
    const { guest, host } = this.tables[vm];
    const made = { frame: page, rights: 'rwx', accessed: true, dirty: true, bits: 0 };
    const first = PAGING[vm] === 'shadow' ? made : guest.get(page);
    if (first === undefined) return [];
    const second = host.get(first.frame);
    return second === undefined ? [first] : [first, second];
  }

  private ask(path: Path, access: Access): Outcome {
    const letter = letterOf(access);
    if (!path[0]?.rights.includes(letter)) return ['guest-fault'];
    if (!path[1]?.rights.includes(letter)) return ['host-violation', path[0].frame];
    return ['frame', path[1].frame];
  }

  translate(core: number, page: number, access: Access): Outcome {
    const { vm, tlb } = this.cores[core];
    const kept = tlb.get(page);
    const storeMustMark =
      access === 'write' && kept?.some(({ dirty }) => !dirty) && this.ask(kept, access)[0] === 'frame';
    const byTlb = kept !== undefined && !storeMustMark;
    const [kind, found] = this.ask(byTlb ? kept : this.path(vm, page), access);
    if (found === undefined) return [kind];
    return kind === 'frame' ? [byTlb ? 'hit' : 'miss', found] : [kind, found];
  }

  isStale(core: number, page: number): boolean {
    const { vm, tlb } = this.cores[core];
    const kept = tlb.get(page);
    if (kept === undefined) return false;
    const now = this.path(vm, page);
    const clean = now.some((entry) => !entry.dirty);
    if (kept.every((entry) => entry.dirty) && (now.length < 2 || clean)) return true;
    return (['read', 'write', 'execute'] as const).some(
      (access) =>
        this.ask(kept, access)[0] === 'frame' &&
        (this.ask(now, access).join() !== this.ask(kept, access).join() || now[0].frame !== kept[0].frame),
    );
  }

  /** Folds an event in; false, and nothing happened, when it is impossible. */
  evolve(event: MachineEvent): boolean {
    if ('core' in event && event.core >= this.cores.length) return false;
    if ('vm' in event && event.vm >= this.tables.length) return false;
    const core = 'core' in event ? this.cores[event.core] : this.cores[0];
    switch (event.kind) {
      case 'page.mapped':
        this.tables[event.vm][event.level].set(event.page, {
          frame: event.frame,
          rights: lettersOf(event),
          accessed: false,
          dirty: false,
          bits: event.privateBits ?? 0,
        });
        return true;
      case 'page.protected':
        return this.change(event, (entry) => {
          entry.rights = lettersOf(event);
          entry.bits = event.privateBits ?? 0;
        });
      case 'page.unmapped':
        return this.tables[event.vm][event.level].delete(event.page);
      case 'page.marked': {
        const rights = this.tables[event.vm][event.level].get(event.page)?.rights ?? '';
        if (event.bit === 'dirty' && !rights.includes('w')) return false;
        return this.change(event, (entry) => {
          entry.accessed = true;
          if (event.bit === 'dirty') entry.dirty = true;
        });
      }
      case 'page.unmarked':
        return this.change(event, (entry) => {
          entry[event.bit] = false;
        });
      case 'tlb.filled': {
        const path = structuredClone(this.path(core.vm, event.page));
        const rights = 'rwx'.replace(/./g, (one) => (path.every((e) => e.rights.includes(one)) ? one : ''));
        if (core.mode !== 'guest' || path.length < 2 || path.some((entry) => !entry.accessed)) return false;
        if (rights === '' || rights !== lettersOf(event) || path[1].frame !== event.frame) return false;
        if (path.every((entry) => entry.dirty) !== (event.dirty === true)) return false;
        core.tlb.set(event.page, path);
        return true;
      }
      case 'tlb.drop.requested':
        core.asked.add(event.page ?? 'all');
        return true;
      case 'tlb.dropped':
        if (!core.asked.delete(event.page ?? 'all')) return false;
        if (event.page === undefined) {
          core.tlb.clear();
          core.asked.clear();
        } else core.tlb.delete(event.page);
        return true;
      case 'vm.exited': {
        if (core.mode !== 'guest') return false;
        if (event.reason === 'host-violation') {
          if (event.page === undefined || event.access === undefined) return false;
          const found = this.translate(event.core, event.page, event.access);
          if (found[0] !== 'host-violation' || found[1] !== event.guestPage) return false;
          core.tlb.delete(event.page);
        }
        core.mode = 'hypervisor';
        return true;
      }
      case 'vm.resumed':
        if (core.mode !== 'hypervisor') return false;
        core.mode = 'guest';
        return true;
      case 'guest.faulted':
        if (core.mode !== 'guest') return false;
        if (this.translate(event.core, event.page, event.access)[0] !== 'guest-fault') return false;
        core.tlb.delete(event.page);
        return true;
      case 'interrupt.raised':
        if (event.vector < 256) core.waiting.add(event.vector);
        return event.vector < 256;
      case 'interrupt.taken':
        return core.mode === 'guest' && core.waiting.delete(event.vector);
      case 'vm.paused':
        return this.turn(event.vm, 'hypervisor', 'paused');
      case 'vm.unpaused':
        return this.turn(event.vm, 'paused', 'hypervisor');
      case 'vm.moved':
        if (event.host >= HOST_COUNT || event.host === this.hosts[event.vm]) return false;
        if (!this.turn(event.vm, 'paused', 'paused')) return false;
        this.hosts[event.vm] = event.host;
        this.tables[event.vm].host.clear();
        for (const { vm, tlb, asked } of this.cores) {
          if (vm !== event.vm) continue;
          tlb.clear();
          asked.clear();
        }
        return true;
    }
  }

  private change(at: { vm: number; level: Level; page: number }, to: (entry: NaiveEntry) => void): boolean {
    const entry = this.tables[at.vm][at.level].get(at.page);
    if (entry !== undefined) to(entry);
    return entry !== undefined;
  }

  private turn(vm: number, from: string, to: string): boolean {
    const cores = this.cores.filter((core) => core.vm === vm);
    if (cores.some(({ mode }) => mode !== from)) return false;
    for (const core of cores) core.mode = to;
    return true;
  }
}

const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((one, other) => one - other);

/** What can be seen of the naive machine, in the form of `seen`. */
export const seenNaive = (naive: NaiveMachine) => ({
  hosts: naive.hosts,
  tables: naive.tables.map(({ guest, host }) =>
    [guest, host].map((table) => ascending(table.keys()).map((page) => [page, table.get(page)])),
  ),
  cores: naive.cores.map(({ mode, waiting, asked }) => ({
    mode,
    waiting: ascending(waiting),
    pages: ascending([...asked].filter((one) => one !== 'all')),
    all: asked.has('all'),
  })),
  translations: accesses.map(({ core, page, access }) => naive.translate(core, page, access)),
  stale: VM_OF_CORE.flatMap((_, core) =>
    PAGES.filter((page) => naive.isStale(core, page)).map((page) => ({ core, page })),
  ),
});

/** What can be seen of a machine, through what the parts export. */
export const seen = (state: MachineState) => ({
  hosts: state.virtualMachines.map(({ host }) => host),
  tables: state.pageTables.map(({ guest, host }) =>
    [guest, host].map((table) => [...table.entries()].map(([page, entry]) => [page, naiveEntry(entry)])),
  ),
  cores: state.virtualCores.map(({ mode, interrupts }, core) => ({
    mode,
    waiting: interrupts,
    ...asked(state.tlbs[core]),
  })),
  translations: accesses.map(({ core, page, access }) => {
    const found = translate(state, core, page, access);
    if (found.kind === 'guest-fault') return [found.kind];
    return [found.kind, found.kind === 'host-violation' ? found.guestPage : found.frame];
  }),
  stale: PAGING.flatMap((_, vm) => staleEntries(state, vm)).filter(({ page }) => page < PAGES.length),
});

const asked = ({ requestedPages, flushRequested }: Tlb) => ({ pages: requestedPages, all: flushRequested });

const naiveEntry = ({ frame, readable, writable, executable, accessed, dirty, privateBits }: PageEntry) => ({
  frame,
  rights: (readable ? 'r' : '') + (writable ? 'w' : '') + (executable ? 'x' : ''),
  accessed,
  dirty,
  bits: privateBits,
});
