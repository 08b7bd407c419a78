import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { EventOf } from '../../../kernel/event-table.ts';
import type { Instruction } from '../../mechanism.ts';
import type { MachineEvent } from '../events.ts';
import { has, type Request } from '../machine.ts';
import { lost, written } from '../steps.ts';
import type { twoBitMapsEvents } from './events.ts';
import type { Mode, State } from './state.ts';

type Event = MachineEvent | EventOf<typeof twoBitMapsEvents>;

const copied = (block: number, part: 'whole' | 'first' | 'second' = 'whole'): Event => ({
  kind: 'block.copied',
  block,
  part,
});
const cleared = (map: 'A' | 'B', block: number): Event => ({ kind: 'map.cleared', map, block });

/** The block goes to the shadow before its bit is cleared. */
export function copySteps(machine: State, block: number): Event[] {
  if (has(machine, 'b')) return [cleared('A', block), copied(block)];
  if (has(machine, 'e') && machine.own.shadow.get(block) !== UNREADABLE) {
    return machine.own.half === block
      ? [copied(block, 'second'), cleared('A', block)]
      : [copied(block, 'first')];
  }
  return [copied(block), cleared('A', block)];
}

/**
 * A block that the checkpoint still needs is copied before it is written over. In mutant e that does not end the copying
 * of it in halves: the second half follows, of what was written.
 */
export function write(machine: State, request: Request): Event[] {
  const { block, source } = request;
  const copyFirst = !has(machine, 'a') && !(has(machine, 'f') && source === 'device');
  return [
    ...(copyFirst && machine.own.a.has(block) ? [copied(block), cleared('A', block)] : []),
    { kind: 'map.marked', map: 'B', block },
    written(request),
  ];
}

export const uncaptured = (_: State, request: Request): Event[] => [written(request)];

/** A program asks for a mode. */
export function instructed(processor: number, instruction: Instruction): Event | undefined {
  if (instruction.do !== 'mode') return undefined;
  const mode = MODES.find((one) => one === instruction['mode']);
  if (mode === undefined) throw new Error(`there is no mode ${instruction['mode']}`);
  return { kind: 'mode.requested', processor, mode };
}

const MODES: readonly Mode[] = ['background', 'paused'];

/**
 * A must be empty before it becomes B. When the checkpoint is published, the mode asked for is set, and holds for the
 * copying of this checkpoint already.
 */
export function establish(machine: State): Event | undefined {
  const { decisionDue, own } = machine;
  if (decisionDue) {
    const block = has(machine, 'c') ? undefined : own.a.first();
    return block === undefined ? { kind: 'maps.swapped' } : { kind: 'copy.begun', block };
  }
  if (!isPublished(machine)) return undefined;
  return setMode(own) ?? (own.mode === 'paused' ? background(machine) : undefined);
}

const isPublished = ({ epoch, decided }: State): boolean => epoch === decided;

const setMode = ({ modeDue }: State['own']): Event | undefined =>
  modeDue === null ? undefined : { kind: 'mode.set', mode: modeDue };

/** Copies what map A names. */
export function background({ own }: State): Event | undefined {
  const block = own.half >= 0 ? own.half : own.a.first();
  return block === undefined ? undefined : { kind: 'copy.begun', block };
}

/**
 * Finishes A, whose blocks in system memory are checkpoint data still; then brings the blocks of B back. A mode that the
 * checkpoint includes is set when it is published: the program goes on behind its request and would not ask again.
 */
export function restore(machine: State): Event | undefined {
  const { memory, own } = machine;
  const { shadow, a, b } = own;
  if (own.lostA && own.lostB) return lost('both maps: which blocks were modified or copied is not known');
  if (own.lostA) return { kind: 'map.rebuilt', map: 'A' };
  if (own.lostB) return { kind: 'map.rebuilt', map: 'B' };
  const toCopy = has(machine, 'd') ? undefined : a.first();
  if (toCopy !== undefined) {
    if (memory.get(toCopy) === UNREADABLE) return lost(`block ${toCopy}, which was still to be copied`);
    return { kind: 'copy.begun', block: toCopy };
  }
  for (const { area, block } of machine.errors) {
    if (area === 'memory' && memory.get(block) === UNREADABLE && !b.has(block))
      return { kind: 'map.marked', map: 'B', block };
    if (area === 'shadow' && shadow.get(block) === UNREADABLE) {
      if (b.has(block) || memory.get(block) === UNREADABLE) return lost(`block ${block} of the shadow`);
      return { kind: 'shadow.mended', block };
    }
  }
  const toRestore = has(machine, 'd') ? (a.first() ?? b.first()) : b.first();
  if (toRestore === undefined) return isPublished(machine) ? setMode(own) : undefined;
  return shadow.get(toRestore) === UNREADABLE
    ? lost(`block ${toRestore} of the shadow`)
    : { kind: 'restore.begun', block: toRestore };
}

/** The block comes back before its bit is cleared. */
export const restoreSteps = ({ own }: State, block: number): Event[] => [
  { kind: 'block.restored', block, data: own.shadow.get(block) },
  cleared(own.a.has(block) ? 'A' : 'B', block),
];
