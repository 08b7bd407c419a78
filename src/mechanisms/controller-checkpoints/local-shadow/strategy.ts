import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { BitMap } from '../../../kernel/bit-map.ts';
import type { EventOf } from '../../../kernel/event-table.ts';
import type { MachineEvent } from '../events.ts';
import { has, type Request } from '../machine.ts';
import { lost, written } from '../steps.ts';
import type { localShadowEvents } from './events.ts';
import { type Entry, hasOneBuffer, isUnreadable, mayBeModified, maybeModified, type State } from './state.ts';

type Event = MachineEvent | EventOf<typeof localShadowEvents>;

const drained = ({ block, offsetBytes, data }: Entry): Event => ({
  kind: 'entry.drained',
  block,
  offsetBytes,
  data,
});

/** Every write is captured, and captured before it changes memory. */
export function write(machine: State, request: Request): Event[] {
  const isDropped = has(machine, 'd') && isFull(machine);
  return [...(isDropped ? [] : [{ kind: 'entry.captured', ...request } as const]), written(request)];
}

const isFull = ({ own }: State): boolean => own.open.length >= own.limitEntries;

/** A buffer that is full forces a checkpoint; there is a reserve for what the checkpoint itself writes. */
export const mustCheckpoint = (machine: State): boolean => isFull(machine) && !has(machine, 'd');

/** A buffer is drained before the next one is sealed; a single one before processors go on, too. */
export function establish(machine: State): Event | undefined {
  const { decisionDue, own } = machine;
  if (!decisionDue) return hasOneBuffer(machine) ? nextOfDrain(machine) : undefined;
  if (has(machine, 'e')) return undefined;
  if (has(machine, 'a') && own.sealed.length === 0 && own.open.length > 0) return drained(own.open[0]);
  return nextOfDrain(machine) ?? { kind: 'buffer.sealed' };
}

/** Drains while processors run. Mutant e seals only now. */
export function background(machine: State): Event | undefined {
  const isSealDue = has(machine, 'e') && machine.decisionDue;
  return nextOfDrain(machine) ?? (isSealDue ? { kind: 'buffer.sealed' } : undefined);
}

/** The oldest entry goes to the shadow; undefined when the sealed buffer is drained. */
function nextOfDrain(machine: State): Event | undefined {
  const entry: Entry | undefined = machine.own.sealed[entryToDrain(machine)];
  if (entry === undefined) return undefined;
  return isUnreadable(entry) ? { kind: 'shadow.distrusted' } : drained(entry);
}

const entryToDrain = (machine: State): number => (has(machine, 'b') ? machine.own.sealed.length - 1 : 0);

/** An entry is given up when it is in the shadow; mutant a seals after the first one. */
export const drainSteps = (machine: State): Event[] => [
  has(machine, 'a') && machine.own.sealed.length === 0
    ? { kind: 'buffer.sealed' }
    : { kind: 'entry.freed', entry: entryToDrain(machine) },
];

/** Completes the shadow, and then brings back what was written since. */
export function restore(machine: State): Event | undefined {
  const { own, memory } = machine;
  if (own.lostStatus) {
    const isEmpty = own.open.length === 0 && own.sealed.length === 0;
    return isEmpty
      ? { kind: 'status.rebuilt' }
      : lost('the status of the buffers: which entries belong to the checkpoint is not known');
  }
  const drain = nextOfDrain(machine);
  if (drain !== undefined) return drain;
  const block = own.shadow.firstUnreadable();
  if (block !== undefined) {
    if (mayBeModified(own, block)) return lost(`block ${block} of the shadow, modified since`);
    if (memory.get(block) === UNREADABLE) return lost(`block ${block}, both in memory and in the shadow`);
    return { kind: 'shadow.mended', block };
  }
  const isMemoryWhole = machine.errors.every(
    ({ area, block }) => area !== 'memory' || memory.get(block) !== UNREADABLE,
  );
  return isMemoryWhole && own.open.length === 0 ? undefined : { kind: 'restore.begun' };
}

/** The blocks come back before the buffer that names them is dropped. */
export function restoreSteps(machine: State): Event[] {
  const { own, memory } = machine;
  const steps: Event[] = [];
  if (has(machine, 'c')) steps.push(...own.open.filter((entry) => !isUnreadable(entry)).map(drained));
  const modified = maybeModified(own, memory.size);
  for (let block = 0; block < memory.size; block++) {
    if (isToBeRestored(machine, block, modified))
      steps.push({ kind: 'block.restored', block, data: own.shadow.get(block) });
  }
  return [...steps, { kind: 'buffer.dropped' }];
}

function isToBeRestored(machine: State, block: number, modified: BitMap): boolean {
  const { own, memory, setup } = machine;
  if (setup.value.policy['restore'] === 'all blocks' || memory.get(block) === UNREADABLE) return true;
  if (!has(machine, 'f')) return modified.has(block);
  return own.open.some((entry) => entry.block === block && entry.source !== 'device');
}
