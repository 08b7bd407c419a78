import { isRunning } from '../../../hardware/host.ts';
import type { Link } from '../../../hardware/link.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { FaultCase, Thoroughness } from '../../mechanism.ts';
import type { RemoteShadowEvent } from './events.ts';
import { BACKUP, isAlone, isModified, PRIMARY, type State, TO_BACKUP } from './state.ts';

type Case = FaultCase<State, AnyEvent>;
type Events = readonly RemoteShadowEvent[];

/** A truncated message arrives with as much as this: less than any header. */
const ARRIVING_BYTES = 4;

const cut = (link: number, arriving: number): RemoteShadowEvent => ({ kind: 'link.cut', link, arriving });
const failed = (host: number): RemoteShadowEvent => ({ kind: 'host.failed', host });

/** Links matter until the backup has taken over. */
const workingLinks = ({ own }: State): [number, Link][] =>
  isAlone(own) ? [] : [...own.links.entries()].filter(([, { up }]) => up);

function* cuts(machine: State, how: Thoroughness): Generator<Events> {
  const links = workingLinks(machine);
  if (how === 'few') {
    const [link] = links.find(([, { messages }]) => messages.length > 0) ?? links[0] ?? [];
    if (link !== undefined) yield [cut(link, 0)];
    return;
  }
  for (const [link, { messages }] of links) {
    for (let arriving = messages.length; arriving >= 0; arriving--) yield [cut(link, arriving)];
  }
}

function* disorders(machine: State, how: Thoroughness): Generator<Events> {
  for (const [link, { messages, capacity }] of workingLinks(machine)) {
    for (const [position, { delayed, data }] of messages.entries()) {
      yield [{ kind: 'message.lost', link, position }];
      if (how === 'few') break;
      if (!delayed) yield [{ kind: 'message.delayed', link, position }];
      if (messages.length < capacity) yield [{ kind: 'message.duplicated', link, position }];
      if (data.length > 2 * ARRIVING_BYTES)
        yield [{ kind: 'message.truncated', link, position, arrivingBytes: ARRIVING_BYTES }];
    }
  }
}

/** A host fails; with the primary, all that it had put on the link may be lost, or a part of it. */
function* failures(machine: State, how: Thoroughness): Generator<Events> {
  const { own } = machine;
  const [primary, backup] = own.hosts;
  if (!isAlone(own) && isRunning(primary)) {
    yield [failed(PRIMARY)];
    const { up, messages } = own.links[TO_BACKUP];
    if (how === 'all' && up)
      for (let arriving = 0; arriving < messages.length; arriving++)
        yield [cut(TO_BACKUP, arriving), failed(PRIMARY)];
  }
  const isSuspicious = primary.suspected && isRunning(primary);
  if (isRunning(backup) && !isSuspicious) yield [failed(BACKUP)]; // its suspicion would be gone with it
}

function* errorsInCopies(machine: State, how: Thoroughness): Generator<Events> {
  const { hosts, received, sealed } = machine.own;
  if (!isRunning(hosts[BACKUP])) return;
  const places = [
    ['shadow', how === 'all' ? oneOfEachKind(machine) : [0]],
    ['receive buffer', ends(received)],
    ['sealed buffer', ends(sealed)],
  ] as const;
  for (const [area, all] of places) {
    for (const at of how === 'all' ? all : all.slice(0, 1)) yield [{ kind: 'copy.failed', area, at }];
  }
}

/** A data block that was modified since the checkpoint, one that was not, and a context. */
function oneOfEachKind(machine: State): number[] {
  const { dataBlocks } = machine.setup.value;
  const data = Array.from({ length: dataBlocks }, (_, block) => block);
  const modified = data.find((block) => isModified(machine, block));
  const other = data.find((block) => !isModified(machine, block));
  return [modified, other, dataBlocks].filter((block) => block !== undefined);
}

const ends = ({ length }: readonly unknown[]): number[] =>
  length < 2 ? [0].slice(0, length) : [0, length - 1];

/** What befalls two computers and the links between them, besides what befalls any machine. */
export const remoteShadowFaults: readonly Case[] = [
  {
    number: 'F2',
    claim:
      'the primary fails: the backup takes over; the backup fails: its copies are sent again once it runs; both: reported',
    occurrences: failures,
  },
  {
    number: 'F5',
    claim: 'a direction of the link is cut: the checkpoint waits until it is mended, or is skipped',
    occurrences: cuts,
  },
  {
    number: 'F6',
    claim:
      'a message is late, twice, cut short or lost: noticed by its number, its length or the seal’s count',
    occurrences: disorders,
  },
  {
    number: 'F10',
    claim: 'an uncorrectable error in what the backup holds: captured again from the machine, or reported',
    occurrences: errorsInCopies,
  },
  {
    number: 'F18',
    claim: 'no room for more post-images: a checkpoint, for which room is set aside, empties the buffers',
    survives: true,
    occurrences: ({ own, failed: isFailed }) => (own.full || isFailed ? [] : [[{ kind: 'buffer.filled' }]]),
  },
  {
    number: 'F20',
    claim: 'a primary that lives is taken for failed: it is fenced before the backup takes over',
    occurrences: ({ own }, how) => {
      if (how === 'few') return []; // once rollback is under way, it leads where F2 does
      const [primary, backup] = own.hosts;
      const isWatching = !isAlone(own) && isRunning(backup) && own.recapture < 0; // else it could not take over
      return isWatching && isRunning(primary) && !primary.suspected
        ? [[{ kind: 'host.suspected', host: PRIMARY }]]
        : [];
    },
  },
];
