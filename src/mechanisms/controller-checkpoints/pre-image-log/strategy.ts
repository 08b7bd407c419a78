import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { EventOf } from '../../../kernel/event-table.ts';
import type { MachineEvent } from '../events.ts';
import { contextBlock, has, type Request } from '../machine.ts';
import { lost, written } from '../steps.ts';
import type { preImageLogEvents } from './events.ts';
import { entriesOf, hasMap, type State } from './state.ts';

type Event = MachineEvent | EventOf<typeof preImageLogEvents>;

const advanced: Event = { kind: 'pointer.advanced' };
const mapReset: Event = { kind: 'map.reset' };
const pointerReset = (purpose: 'checkpoint' | 'rollback'): Event => ({ kind: 'pointer.reset', for: purpose });

/** The old contents are in the log, and count, before the block is written for the first time. */
export function write(machine: State, request: Request): Event[] {
  const { own } = machine;
  const early = isTakenForFlushed(machine, request) ? [mapReset, pointerReset('checkpoint')] : [];
  const isLogged = early.length === 0 && own.map.has(request.block);
  const isFull = has(machine, 'e') && own.pointer >= own.capacity;
  if (isLogged || isFull) return [written(request)];
  const logged = logSteps(machine, request.block, early.length > 0 ? 0 : own.pointer);
  return has(machine, 'a') ? [written(request), ...logged] : [...early, ...logged, written(request)];
}

function logSteps(machine: State, block: number, entry: number): Event[] {
  const entryWritten: Event = { kind: 'entry.written', entry, block };
  return [
    ...(has(machine, 'c') ? [advanced, entryWritten] : [entryWritten, advanced]),
    ...(hasMap(machine) ? [{ kind: 'map.marked', block } as const] : []),
  ];
}

/** f: the first context that arrives is taken for the end of the flush. */
const isTakenForFlushed = (machine: State, { block }: Request): boolean =>
  has(machine, 'f') &&
  machine.phase === 'flush' &&
  machine.decided === machine.epoch &&
  block >= contextBlock(machine.setup.value, 0);

/** The map first: were the log empty while bits are set, first writes would go unlogged. */
export function establish(machine: State): Event | undefined {
  const { decisionDue, own } = machine;
  const isMapDue = own.map.count > 0 && !has(machine, 'h');
  if (!decisionDue) return isMapDue && has(machine, 'd') ? mapReset : undefined;
  if (has(machine, 'f')) return undefined;
  return isMapDue && !has(machine, 'd') ? mapReset : pointerReset('checkpoint');
}

/** Applies the log backwards; an empty log has nothing to bring back. */
export function restore(machine: State): Event | undefined {
  const what = lossOf(machine);
  if (what !== undefined) return lost(what);
  if (machine.own.pointer > 0) return { kind: 'reversal.begun' };
  return machine.own.lostMap ? mapReset : undefined;
}

/** Every entry, newest first, so that the oldest of a block prevails; the log is there until the last one is applied. */
export function reversalSteps(machine: State): Event[] {
  const entries = entriesOf(machine.own).filter(({ data }) => data !== UNREADABLE);
  const restored = entries.map(({ block, data }): Event => ({ kind: 'block.restored', block, data }));
  if (!has(machine, 'b')) restored.reverse();
  const reset = [...(hasMap(machine) ? [mapReset] : []), pointerReset('rollback')];
  return has(machine, 'g')
    ? [...restored.slice(0, -1), ...reset, ...restored.slice(-1)]
    : [...restored, ...reset];
}

/** There is no second copy: an unreadable block needs its entry, and an unreadable entry must be known to be needless. */
function lossOf(machine: State): string | undefined {
  const { memory, own } = machine;
  const entries = entriesOf(own);
  const logged = new Set(entries.map(({ block }) => block));
  const isEntryLost = entries.some(({ data }) => data === UNREADABLE);
  for (let block = 0; block < memory.size; block++) {
    const isUnreadable = memory.get(block) === UNREADABLE;
    if (!isUnreadable && !(isEntryLost && own.map.has(block))) continue;
    if (logged.has(block)) continue;
    return isUnreadable
      ? `block ${block}, of which the log has no entry`
      : `the entry of block ${block}, which is modified`;
  }
  // an empty map says nothing: a checkpoint resets it before the pointer
  return isEntryLost && own.map.count === 0
    ? 'an entry of the log: which block it was of is not known'
    : undefined;
}
