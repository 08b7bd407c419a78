import { eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';
import { addNumber, removeNumber } from './numbers.ts';
import { PageMap } from './page-map.ts';
import { ACCESSES, isWithin, permits, rightFields, rightsOf } from './rights.ts';
import { type TranslationState, type WalkedEntry, walk } from './translation.ts';
import { coreOf, coresOfMachine, type VirtualCoreState } from './virtual-core.ts';

const core = field.count('the virtual core');
const dropped = field.optional(field.count('the virtual page; absent: every entry'));

/**
 * What happens to the TLBs of virtual cores. An entry stays until it is dropped, whatever happens to the tables: between
 * a request and its acknowledgement (fault F16 makes this longer) a core may still use it. Source: mechanism sheets,
 * section 1.5.
 */
export const tlbEvents = eventTable({
  'tlb.filled': {
    since: 1,
    meaning: 'A page walk came to its end, and the TLB keeps what the tables gave at that moment.',
    fields: {
      core,
      page: field.count('the virtual page'),
      frame: field.count('the page frame of the host'),
      ...rightFields,
      dirty: field.flag('the dirty bits are set: stores need no further walk'),
    },
  },
  'tlb.drop.requested': {
    since: 1,
    meaning: 'A shootdown was sent to a core.',
    fields: { core, page: dropped },
  },
  'tlb.dropped': {
    since: 1,
    meaning: 'A core dropped what it was asked to, and acknowledged.',
    fields: { core, page: dropped },
  },
});

export interface Tlb {
  /** By virtual page. */
  entries: PageMap<WalkedEntry>;
  /** Virtual pages of which a drop is requested and not acknowledged, in ascending order. */
  requestedPages: number[];
  /** The same for a drop of every entry. */
  flushRequested: boolean;
}

export interface TlbState {
  /** Of each virtual core. */
  tlbs: Tlb[];
}

/** The empty TLB of one virtual core. */
export const newTlb = (): Tlb => ({ entries: new PageMap(), requestedPages: [], flushRequested: false });

type State = TlbState & TranslationState & VirtualCoreState;

export const tlbReducers: Reducers<State, typeof tlbEvents> = {
  'tlb.filled': (state, event) => {
    const { vm, mode } = coreOf(state, event);
    expectLegal(mode === 'guest', event, 'only a core in the guest walks its tables');
    const now = walk(state.pageTables[vm], event.page);
    expectLegal(now.kind === 'walked', event, 'the walk ends at an entry that is not present');
    const { entry, accessed } = now;
    expectLegal(accessed, event, 'the accessed bits on the way are set first');
    const usable = ACCESSES.some((access) => permits(entry, access));
    expectLegal(usable, event, 'a translation that allows nothing is not kept');
    const rights = rightsOf(event);
    const asWalked =
      event.frame === entry.frame &&
      (event.dirty === true) === entry.dirty &&
      isWithin(rights, entry) &&
      isWithin(entry, rights);
    expectLegal(asWalked, event, 'the tables give something else');
    state.tlbs[event.core].entries.set(event.page, entry);
  },
  'tlb.drop.requested': (state, event) => {
    coreOf(state, event);
    const tlb = state.tlbs[event.core];
    if (event.page === undefined) tlb.flushRequested = true;
    else addNumber(tlb.requestedPages, event.page);
  },
  'tlb.dropped': (state, event) => {
    coreOf(state, event);
    const tlb = state.tlbs[event.core];
    const { page } = event;
    const requested = page === undefined ? tlb.flushRequested : tlb.requestedPages.includes(page);
    expectLegal(requested, event, 'nobody requested it');
    if (page === undefined) state.tlbs[event.core] = newTlb();
    else {
      tlb.entries.delete(page);
      removeNumber(tlb.requestedPages, page);
    }
  },
};

/** Whether a core of the virtual machine has not acknowledged a drop yet: until then a tightening is not complete. */
export const dropsPending = (state: TlbState & VirtualCoreState, vm: number): boolean =>
  coresOfMachine(state, vm).some((core) => {
    const { flushRequested, requestedPages } = state.tlbs[core];
    return flushRequested || requestedPages.length > 0;
  });

/**
 * Whether the TLB of a core keeps for a virtual page what the tables no longer give: another page frame, a right that was
 * taken away, or a dirty bit that was cleared, so that a store would leave no mark. An entry that allows less than the
 * tables do is not stale: it costs a spurious trap and nothing else.
 */
export function isStale(state: State, core: number, page: number): boolean {
  const kept = state.tlbs[core].entries.get(page);
  if (kept === undefined) return false;
  const now = walk(state.pageTables[state.virtualCores[core].vm], page);
  if (now.kind !== 'walked') return true;
  const { frame, guestPage, dirty } = now.entry;
  return (
    frame !== kept.frame ||
    guestPage !== kept.guestPage ||
    (kept.dirty && !dirty) ||
    !isWithin(kept, now.entry)
  );
}

/** All stale entries in the TLBs of a virtual machine. None: every tightening has taken effect. */
export function staleEntries(state: State, vm: number): { core: number; page: number }[] {
  return coresOfMachine(state, vm).flatMap((core) =>
    [...state.tlbs[core].entries.entries()]
      .filter(([page]) => isStale(state, core, page))
      .map(([page]) => ({ core, page })),
  );
}
