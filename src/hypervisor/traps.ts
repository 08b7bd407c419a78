import { type AnyEvent, type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';
import { addNumber, removeNumber } from './numbers.ts';
import { ACCESSES } from './rights.ts';
import { type TranslatingState, translate } from './translate.ts';
import { coreOf, EXIT_REASONS } from './virtual-core.ts';

/** How many interrupt vectors a core has. */
const VECTOR_COUNT = 256;

const core = field.count('the virtual core');
const page = field.count('the virtual page');
const access = field.choice(ACCESSES, 'what the core tried');
const vector = field.count('the interrupt vector, below 256');

/**
 * How cores leave the guest and come back to it, and what interrupts them there. An access that traps has had no effect.
 * Source: mechanism sheets, sections 1.3 and 1.5; an interrupt is fault F15.
 */
export const trapEvents = eventTable({
  'vm.exited': {
    since: 1,
    meaning:
      'A core left the guest for the hypervisor. When the host table forbade an access, the core also drops its own TLB ' +
      'entry for the page, so that a spurious trap happens once.',
    fields: {
      core,
      reason: field.choice(EXIT_REASONS, 'why'),
      page: field.optional(page),
      guestPage: field.optional(field.count('the page that the host table was asked for')),
      access: field.optional(access),
    },
  },
  'vm.resumed': {
    since: 1,
    meaning: 'A core entered the guest; what the hypervisor had to do for its exit is done.',
    fields: { core },
  },
  'guest.faulted': {
    since: 1,
    meaning:
      'The guest’s own table forbade an access: a page fault that the guest handles, without an exit. The core drops its ' +
      'own TLB entry for the page.',
    fields: { core, page, access },
  },
  'interrupt.raised': {
    since: 1,
    meaning: 'An interrupt waits for a core, whatever the core is doing. One that waits already is the same.',
    fields: { core, vector },
  },
  'interrupt.taken': {
    since: 1,
    meaning: 'A core in the guest took an interrupt and goes to its handler.',
    fields: { core, vector },
  },
});

export const trapReducers: Reducers<TranslatingState, typeof trapEvents> = {
  'vm.exited': (state, event) => {
    const running = inGuest(state, event);
    const { reason, page, guestPage, access } = event;
    if (reason === 'host-violation') {
      expectLegal(isViolation(state, event), event, 'the host table does not forbid this access');
      state.tlbs[event.core].entries.delete(page as number);
    }
    running.mode = 'hypervisor';
    running.exit = {
      reason,
      page: page ?? null,
      guestPage: guestPage ?? null,
      access: access ?? null,
    };
  },
  'vm.resumed': (state, event) => {
    const exited = coreOf(state, event);
    expectLegal(exited.mode === 'hypervisor', event, `the mode of the core is ${exited.mode}`);
    exited.mode = 'guest';
    exited.exit = null;
  },
  'guest.faulted': (state, event) => {
    inGuest(state, event);
    const { kind } = translate(state, event.core, event.page, event.access);
    expectLegal(kind === 'guest-fault', event, 'the guest’s table does not forbid this access');
    state.tlbs[event.core].entries.delete(event.page);
  },
  'interrupt.raised': (state, event) => {
    const { interrupts } = coreOf(state, event);
    expectLegal(event.vector < VECTOR_COUNT, event, 'there is no such vector');
    addNumber(interrupts, event.vector);
  },
  'interrupt.taken': (state, event) => {
    const { interrupts } = inGuest(state, event);
    expectLegal(interrupts.includes(event.vector), event, 'this interrupt does not wait');
    removeNumber(interrupts, event.vector);
  },
};

function inGuest(state: TranslatingState, event: AnyEvent & { readonly core: number }) {
  const running = coreOf(state, event);
  expectLegal(running.mode === 'guest', event, 'the core is not in the guest');
  return running;
}

function isViolation(
  state: TranslatingState,
  { core, page, guestPage, access }: EventOfKind<typeof trapEvents, 'vm.exited'>,
): boolean {
  if (page === undefined || access === undefined) return false;
  const found = translate(state, core, page, access);
  return found.kind === 'host-violation' && found.guestPage === guestPage;
}
