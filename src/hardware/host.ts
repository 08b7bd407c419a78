import { type AnyEvent, type EventOf, type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';

const host = field.count('the host');

/**
 * Hosts, how they fail, and how they are kept from doing harm. A failure detector may be wrong, and only fencing makes
 * sure that nothing more comes from a host. Source: mechanism sheets, sections 1.6 and 1.7.
 */
export const hostEvents = eventTable({
  'host.failed': {
    since: 1,
    meaning:
      'A host stopped at once and its memory is lost: fault F2, or a loss of power (F1) without a battery.',
    fields: { host },
  },
  'host.panicked': {
    since: 1,
    meaning: 'The hypervisor or operating system of a host stopped; memory and devices are intact. Fault F3.',
    fields: { host },
  },
  'host.suspected': {
    since: 1,
    meaning: 'Others took a host for failed, after missed heartbeats. When it had not failed, fault F20.',
    fields: { host },
  },
  'host.fenced': {
    since: 1,
    meaning: 'A host was cut off: from here on nothing that it issues, or has issued, takes effect.',
    fields: { host },
  },
  'host.unfenced': {
    since: 1,
    meaning: 'What a host issues takes effect again.',
    fields: { host },
  },
  'host.restarted': {
    since: 1,
    meaning: 'A host that had failed or panicked runs again from the start, and is trusted. A fence stays.',
    fields: { host },
  },
});

export type HostEvent = EventOf<typeof hostEvents>;
export type HostEventOf<K extends HostEvent['kind']> = EventOfKind<typeof hostEvents, K>;

export interface Host {
  /** What it is there for, such as primary or secondary; a mechanism changes it when it fails over. */
  role: string;
  /** `panicked`: its software stopped, memory and devices did not. `failed`: all of it stopped. */
  condition: 'running' | 'panicked' | 'failed';
  /** Whether others take it for failed. */
  suspected: boolean;
  fenced: boolean;
}

export interface Hosts {
  hosts: Host[];
}

/** A host that runs. */
export const newHost = (role: string): Host => ({
  role,
  condition: 'running',
  suspected: false,
  fenced: false,
});

/** Whether its software runs; a fenced host does not know that it is fenced. */
export const isRunning = ({ condition }: Host): boolean => condition === 'running';

/** Whether its memory is there, to be read by devices or by firmware. */
export const hasMemory = ({ condition }: Host): boolean => condition !== 'failed';

/**
 * Whether what comes out of it takes effect: neither failed nor fenced. Of a panicked host only devices and firmware can
 * still issue; that its software cannot is said by `isRunning`.
 */
export const canIssue = ({ condition, fenced }: Host): boolean => condition !== 'failed' && !fenced;

/** The host that an event of any kind names. */
export function hostOf({ hosts }: Hosts, event: AnyEvent & { readonly host: number }): Host {
  const host = hosts[event.host];
  expectLegal(host !== undefined, event, `there is no host ${event.host}, but ${hosts.length}`);
  return host;
}

/** What befalls hosts. What is lost with the memory of a failed host is the mechanism's to say. */
export const hostReducers: Reducers<Hosts, typeof hostEvents> = {
  'host.failed': (state, event) => {
    const host = hostOf(state, event);
    expectLegal(host.condition !== 'failed', event, 'the host has failed already');
    host.condition = 'failed';
  },
  'host.panicked': (state, event) => {
    const host = hostOf(state, event);
    expectLegal(host.condition === 'running', event, `the host has ${host.condition} already`);
    host.condition = 'panicked';
  },
  'host.suspected': (state, event) => {
    const host = hostOf(state, event);
    expectLegal(!host.suspected, event, 'the host is suspected already');
    host.suspected = true;
  },
  'host.fenced': (state, event) => {
    const host = hostOf(state, event);
    expectLegal(!host.fenced, event, 'the host is fenced already');
    host.fenced = true;
  },
  'host.unfenced': (state, event) => {
    const host = hostOf(state, event);
    expectLegal(host.fenced, event, 'the host is not fenced');
    host.fenced = false;
  },
  'host.restarted': (state, event) => {
    const host = hostOf(state, event);
    expectLegal(host.condition !== 'running', event, 'the host runs');
    host.condition = 'running';
    host.suspected = false;
  },
};
