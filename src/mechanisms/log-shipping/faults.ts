import { isRunning } from '../../hardware/host.ts';
import type { FaultCase, Thoroughness } from '../mechanism.ts';
import type { LogShippingEvent } from './events.ts';
import { entryInRegion, type LogShipping, PRIMARY } from './state.ts';

type Occurrence = readonly LogShippingEvent[];

/** A bit of the data of an entry, behind its header. */
const FLIPPED_BIT = 100;

const panicked: LogShippingEvent = { kind: 'host.panicked', host: PRIMARY };
const switched: LogShippingEvent = { kind: 'power.switched', host: PRIMARY };
const crashed: LogShippingEvent = { kind: 'host.crashed', host: PRIMARY };

/** The faults that section 3.2 of the sheets lists for S2. */
export const logShippingFaults: readonly FaultCase<LogShipping, LogShippingEvent>[] = [
  {
    number: 'F1',
    claim:
      'loss of the mains: drained on battery, nothing is lost while battery and links do what they should',
    *occurrences(state, how) {
      const { batteries, hosts } = state;
      if (batteries[PRIMARY].source !== 'mains' || hosts[PRIMARY].condition === 'failed') return;
      yield* withSomeArriving(state, [switched], how);
    },
  },
  {
    number: 'F2',
    claim:
      'fail-stop of any host: of a destination survived, of the primary reported unless it is waited for',
    *occurrences(state, how) {
      for (const [host, { condition }] of state.hosts.entries()) {
        if (condition === 'failed') continue;
        if (host === PRIMARY) yield* withSomeArriving(state, [crashed], how);
        else yield [{ kind: 'host.crashed', host }];
      }
    },
  },
  {
    number: 'F3',
    claim: 'a panic on the primary: the drain actor survives it, nothing is lost',
    survives: true,
    occurrences: ({ hosts }) => (isRunning(hosts[PRIMARY]) ? [[panicked]] : []),
  },
  {
    number: 'F5',
    claim:
      'a link is cut: the backlog grows, the application is throttled; on battery the other destination counts',
    survives: true,
    *occurrences({ links }, how) {
      for (const [link, { up, messages }] of links.entries()) {
        if (!up) continue;
        for (let arriving = 0; arriving <= messages.length; arriving++) {
          if (how === 'all' || arriving === 0) yield [{ kind: 'link.cut', link, arriving }];
        }
      }
    },
  },
  {
    number: 'F6',
    claim: 'a message comes late, twice, in part or not at all: put in order, dropped, or sent again',
    survives: true,
    occurrences: disorder,
  },
  {
    number: 'F9',
    claim: 'the entry that is on its way is torn as the primary panics: it is not part of the log',
    survives: true,
    *occurrences({ log, hosts }, how) {
      if (log.pending === null || !isRunning(hosts[PRIMARY])) return;
      const { seq, raw } = log.pending;
      const bytes = raw.length / 2;
      for (const writtenBytes of how === 'all' ? [4, bytes >> 1, bytes - 6] : [bytes - 6]) {
        yield [{ kind: 'log.torn', seq, writtenBytes }, panicked];
      }
    },
  },
  {
    number: 'F11',
    claim:
      'a bit of the log flips: written once more while the application runs, else had from a destination or reported',
    *occurrences(state, how) {
      const { head, durable } = state.log;
      for (let seq = head; seq <= durable; seq++) {
        if (how === 'few' && seq !== head && seq !== durable) continue;
        if (entryInRegion(state, seq) === undefined) continue;
        const corrupted: LogShippingEvent = { kind: 'log.corrupted', seq, bit: FLIPPED_BIT };
        yield [corrupted];
        if (isRunning(state.hosts[PRIMARY])) yield [corrupted, panicked];
      }
    },
  },
  {
    number: 'F12',
    claim: 'the battery is weaker than rated: what it cannot ship is reported, not lost in silence',
    *occurrences(state, how) {
      const { batteries, hosts } = state;
      const { actual, charge, source } = batteries[PRIMARY];
      if (hosts[PRIMARY].condition === 'failed' || hosts[PRIMARY].fenced) return;
      for (const percent of how === 'all' ? [50, 0] : [0]) {
        const left = Math.floor((charge * percent) / 100);
        if (left >= actual) continue;
        const weakened: LogShippingEvent = { kind: 'battery.weakened', host: PRIMARY, actual: left };
        if (source === 'mains') yield* withSomeArriving(state, [weakened, switched], how);
        else yield [weakened];
      }
    },
  },
  {
    number: 'F18',
    claim: 'the log region is full: the application waits until there is space',
    survives: true,
    occurrences: ({ log, application }) =>
      application.running && log.taken === 0 && log.tail - log.head < log.slots.length
        ? [[{ kind: 'region.filled' }]]
        : [],
  },
  {
    number: 'F20',
    claim: 'the primary is taken for failed and is not: it is stopped, drained and fenced before the restart',
    survives: true,
    occurrences: ({ hosts, application }) =>
      application.running && !hosts[PRIMARY].suspected ? [[{ kind: 'host.suspected', host: PRIMARY }]] : [],
  },
];

/**
 * A fault of the primary as what it sent is under way: from each link at most so many of the oldest messages arrive, from
 * none to all. What does is delivered later, which makes no difference: nobody answers in between.
 */
function* withSomeArriving(
  { links }: LogShipping,
  fault: Occurrence,
  how: Thoroughness,
): Generator<Occurrence> {
  const sending = [...links.entries()].filter(([, { from, up }]) => from === PRIMARY && up);
  const underWay = Math.max(0, ...sending.map(([, { messages }]) => messages.length));
  for (let arriving = underWay; arriving >= 0; arriving--) {
    if (how === 'few' && arriving > 0 && arriving < underWay) continue;
    const lost = sending.flatMap(([link, { messages }]): LogShippingEvent[] =>
      messages.slice(arriving).map(() => ({ kind: 'message.lost', link, position: arriving })),
    );
    yield [...lost, ...fault];
  }
}

/** What can befall each message that is under way; as a second fault, the oldest of each path from the primary. */
function* disorder({ links }: LogShipping, how: Thoroughness): Generator<Occurrence> {
  for (const [link, { up, from, messages, capacity }] of links.entries()) {
    if (!up || (how === 'few' && from !== PRIMARY)) continue;
    for (const [position, { delayed, data }] of messages.entries()) {
      if (how === 'few' && position > 0) break;
      if (!delayed) yield [{ kind: 'message.delayed', link, position }];
      yield [{ kind: 'message.lost', link, position }];
      if (messages.length < capacity && how === 'all') yield [{ kind: 'message.duplicated', link, position }];
      if (data.length > 0)
        yield [{ kind: 'message.truncated', link, position, arrivingBytes: (data.length / 2) >> 1 }];
    }
  }
}
