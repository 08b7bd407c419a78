import { type AnyEvent, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';
import { PageMap } from './page-map.ts';
import { type Access, commonRights, permits, type Rights, rightFields, rightsOf } from './rights.ts';

const LEVELS = ['guest', 'host'] as const;
const place = {
  vm: field.count('the virtual machine'),
  level: field.choice(LEVELS, 'the table of the guest, or that of the hypervisor'),
  page: field.count('number of the page that the table is asked for'),
};
const privateBits = field.optional(field.count('bits that only software looks at; 0 when absent'));
const bit = field.choice(['accessed', 'dirty'], 'which bit');

/**
 * What happens to the page tables of virtual machines. Each is one store to one table entry; what TLBs hold is not
 * touched by it. Source: mechanism sheets, section 1.5.
 */
export const translationEvents = eventTable({
  'page.mapped': {
    since: 1,
    meaning: 'An entry was written anew, whatever was there before, with accessed and dirty bit clear.',
    fields: {
      ...place,
      frame: field.count('what it leads to: guest-physical page, or page frame of the host'),
      ...rightFields,
      privateBits,
    },
  },
  'page.protected': {
    since: 1,
    meaning: 'The rights of an entry were tightened or relaxed, and its private bits written, by one store.',
    fields: { ...place, ...rightFields, privateBits },
  },
  'page.unmapped': { since: 1, meaning: 'An entry was made not present.', fields: place },
  'page.marked': {
    since: 1,
    meaning: 'A page walk set the accessed bit of an entry, or for a store the accessed and the dirty bit.',
    fields: { ...place, bit },
  },
  'page.unmarked': {
    since: 1,
    meaning:
      'Software cleared the accessed or the dirty bit of an entry, to see whether it will be set again.',
    fields: { ...place, bit },
  },
});

/** A present entry of a page table. */
export interface PageEntry extends Rights {
  readonly frame: number;
  readonly accessed: boolean;
  readonly dirty: boolean;
  /** For the owner of the table; hardware ignores them. */
  readonly privateBits: number;
}

/** The two tables of a virtual machine, by page number. */
export interface PageTables {
  /** Nested: hardware walks both tables. Shadow: it walks only the host table, which leads from virtual pages to frames. */
  readonly paging: 'nested' | 'shadow';
  /** Virtual page to guest-physical page. Belongs to the guest. */
  guest: PageMap<PageEntry>;
  /** Guest-physical page (shadow: virtual page) to page frame of the host. Belongs to the hypervisor. */
  host: PageMap<PageEntry>;
}

export interface TranslationState {
  /** Of each virtual machine. */
  pageTables: PageTables[];
}

/** The empty tables of one virtual machine. */
export const newPageTables = (paging: PageTables['paging'] = 'nested'): PageTables => ({
  paging,
  guest: new PageMap(),
  host: new PageMap(),
});

/** What a completed walk found: all that a TLB keeps. The rights are those that both tables give. */
export interface WalkedEntry extends Rights {
  readonly frame: number;
  /** The page that the host table was asked for: guest-physical, under shadow paging virtual. */
  readonly guestPage: number;
  /** The dirty bits are set, so that a store need not walk again. */
  readonly dirty: boolean;
  /** What the guest's table alone gives: tells who is to be told of a violation. */
  readonly guestRights: Rights;
}

/** The guest's table forbids an access: a page fault, which the guest handles. */
export interface GuestFault {
  readonly kind: 'guest-fault';
}

/** The host table forbids an access: the core can only exit. */
export interface HostViolation {
  readonly kind: 'host-violation';
  readonly guestPage: number;
}

export type Walk =
  | {
      readonly kind: 'walked';
      readonly entry: WalkedEntry;
      /** The accessed bits on the way are set. */
      readonly accessed: boolean;
    }
  | GuestFault
  | HostViolation;

/**
 * What the tables give at this moment for an access to a virtual page; without an access, for any. The guest's table is
 * checked first. Changes nothing.
 */
export function walk({ paging, guest, host }: PageTables, page: number, access?: Access): Walk {
  const outer = paging === 'shadow' ? passThrough(page) : guest.get(page);
  if (outer === undefined || forbids(outer, access)) return { kind: 'guest-fault' };
  const guestPage = outer.frame;
  const inner = host.get(guestPage);
  if (inner === undefined || forbids(inner, access)) return { kind: 'host-violation', guestPage };
  const { readable, writable, executable } = outer;
  return {
    kind: 'walked',
    entry: {
      frame: inner.frame,
      guestPage,
      dirty: outer.dirty && inner.dirty,
      guestRights: { readable, writable, executable },
      ...commonRights(outer, inner),
    },
    accessed: outer.accessed && inner.accessed,
  };
}

/** Pages for which the host table of a virtual machine leads to this frame: several when they are aliases. */
export const pagesOnFrame = ({ host }: PageTables, frame: number): number[] =>
  [...host.entries()].filter(([, entry]) => entry.frame === frame).map(([page]) => page);

export const translationReducers: Reducers<TranslationState, typeof translationEvents> = {
  'page.mapped': (state, event) => {
    const { page, frame, privateBits = 0 } = event;
    const written = { frame, ...rightsOf(event), accessed: false, dirty: false, privateBits };
    tableOf(state, event).set(page, written);
  },
  'page.protected': (state, event) => {
    const { table, entry } = presentEntry(state, event);
    table.set(event.page, { ...entry, ...rightsOf(event), privateBits: event.privateBits ?? 0 });
  },
  'page.unmapped': (state, event) => {
    presentEntry(state, event).table.delete(event.page);
  },
  'page.marked': (state, event) => {
    const { table, entry } = presentEntry(state, event);
    const stored = event.bit === 'dirty';
    expectLegal(!stored || entry.writable, event, 'a walk for a store ends at an entry that forbids it');
    table.set(event.page, { ...entry, accessed: true, dirty: entry.dirty || stored });
  },
  'page.unmarked': (state, event) => {
    const { table, entry } = presentEntry(state, event);
    table.set(event.page, { ...entry, [event.bit]: false });
  },
};

type PlacedEvent = AnyEvent & { vm: number; level: (typeof LEVELS)[number]; page: number };

function tableOf({ pageTables }: TranslationState, event: PlacedEvent): PageMap<PageEntry> {
  expectLegal(event.vm < pageTables.length, event, `there is no virtual machine ${event.vm}`);
  return pageTables[event.vm][event.level];
}

function presentEntry(state: TranslationState, event: PlacedEvent) {
  const table = tableOf(state, event);
  const entry = table.get(event.page);
  expectLegal(entry !== undefined, event, `the ${event.level} table has no entry for page ${event.page}`);
  return { table, entry };
}

const forbids = (rights: Rights, access: Access | undefined): boolean =>
  access !== undefined && !permits(rights, access);

/** The guest's part under shadow paging: hardware never looks at the guest's table. */
const passThrough = (page: number): PageEntry => ({
  frame: page,
  readable: true,
  writable: true,
  executable: true,
  accessed: true,
  dirty: true,
  privateBits: 0,
});
