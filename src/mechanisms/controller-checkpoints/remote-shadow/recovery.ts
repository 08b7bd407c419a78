import { UNREADABLE } from '../../../hardware/block-store.ts';
import { isRunning } from '../../../hardware/host.ts';
import type { MachineEvent } from '../events.ts';
import { has } from '../machine.ts';
import { lost } from '../steps.ts';
import { arrival, discard, isComplete, recorded } from './backup.ts';
import type { RemoteShadowEvent } from './events.ts';
import { sendBlock, sendFetch } from './messages.ts';
import { reopened, repair } from './primary.ts';
import {
  copyAt,
  isAlone,
  isModified,
  modifiedBlocks,
  PRIMARY,
  type State,
  TO_BACKUP,
  TO_PRIMARY,
} from './state.ts';

type Event = MachineEvent | RemoteShadowEvent;

/**
 * What comes before rollback: the backup takes over from a primary that it takes for failed. It fences the primary first,
 * since it may be wrong, and goes forward if it has all of an epoch.
 */
export function failover(machine: State): Event | undefined {
  const { own, loss } = machine;
  const [primary, backup] = own.hosts;
  if (loss !== null) return undefined;
  if (isAlone(own)) return isRunning(backup) ? undefined : lost('no computer is left');
  const isGone = !isRunning(primary);
  if (!isRunning(backup)) return isGone ? lost('no computer is left') : undefined;
  if (!isGone && !primary.suspected) return undefined;
  return suspect(machine) ?? fence(machine) ?? settle(machine) ?? { kind: 'takeover.begun' };
}

const suspect = ({ own }: State): Event | undefined =>
  own.hosts[PRIMARY].suspected ? undefined : { kind: 'host.suspected', host: PRIMARY };

/** By the time that heartbeats were missed, what was on the link has arrived. */
function fence(machine: State): Event | undefined {
  if (machine.own.hosts[PRIMARY].fenced || has(machine, 'd')) return undefined;
  return (
    arrival(machine, 'in order', [TO_BACKUP]) ??
    arrival(machine, 'late', [TO_BACKUP]) ?? { kind: 'host.fenced', host: PRIMARY }
  );
}

function settle(machine: State): Event | undefined {
  const dropped = discard(machine.own);
  return dropped !== undefined && (isComplete(machine) || has(machine, 'f')) ? recorded(machine) : dropped;
}

/**
 * K3: a live primary fetches what it modified from the backup; a backup that has taken over has it. The sealed buffer need
 * not be drained for that, since the newest post-image in it stands for the shadow.
 */
export function restore(machine: State): Event | undefined {
  const { own } = machine;
  if (isAlone(own)) return reportLoss(machine) ?? fromShadow(machine) ?? discard(own);
  return (
    repair(machine) ??
    (own.reconnected ? undefined : reopened(machine)) ??
    discard(own) ??
    (own.acknowledged > machine.epoch ? drop(machine) : undefined) ??
    reportLoss(machine) ??
    fromBackup(machine) ??
    drop(machine)
  );
}

function reportLoss(machine: State): Event | undefined {
  const { own } = machine;
  const isDamaged = own.sealed.some(({ data }) => data === UNREADABLE);
  const gone = modifiedBlocks(machine).find(
    (block) => (isDamaged || own.shadow.get(block) === UNREADABLE) && copyAt(own, block) === UNREADABLE,
  );
  return gone === undefined ? undefined : lost(`block ${gone}: the backup has no readable copy of it`);
}

const drop = ({ own }: State): Event | undefined =>
  own.sendBuffer.length > 0 ? { kind: 'captures.dropped' } : undefined;

function fromShadow(machine: State): Event | undefined {
  const [block] = toRestore(machine);
  return block === undefined
    ? undefined
    : { kind: 'block.restored', block, data: copyAt(machine.own, block) };
}

/** Asks for all at once, and again for what did not arrive. */
function fromBackup(machine: State): Event | undefined {
  const { own } = machine;
  const { fetched, asked, links } = own;
  if (fetched !== null) return { kind: 'block.restored', ...fetched };
  const missing = toRestore(machine);
  if (missing.length === 0) return undefined;
  const { messages, capacity } = links[TO_PRIMARY];
  return (
    (asked.length > 0 && messages.length < capacity
      ? sendBlock(asked[0], copyAt(own, asked[0]))
      : undefined) ??
    arrival(machine, 'in order') ??
    arrival(machine, 'late') ??
    sendFetch(missing)
  );
}

function toRestore(machine: State): number[] {
  const { own, setup, memory } = machine;
  if (setup.value.policy['fetch'] !== 'all') return modifiedBlocks(machine);
  return Array.from({ length: memory.size }, (_, block) => block).filter(
    (block) => isModified(machine, block) || (!own.restored.has(block) && copyAt(own, block) !== UNREADABLE),
  );
}
