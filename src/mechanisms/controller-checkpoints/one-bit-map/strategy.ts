import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { EventOf } from '../../../kernel/event-table.ts';
import type { MachineEvent } from '../events.ts';
import { has, type Request } from '../machine.ts';
import { lost, written } from '../steps.ts';
import type { oneBitMapEvents } from './events.ts';
import { mayDiffer, type State } from './state.ts';

type Event = MachineEvent | EventOf<typeof oneBitMapEvents>;

const marked = (block: number): Event => ({ kind: 'map.marked', block });
const cleared = (block: number): Event => ({ kind: 'map.cleared', block });
const copied = (block: number): Event => ({ kind: 'block.copied', block });

/** The bit is set before the block changes. */
export function write(machine: State, request: Request): Event[] {
  const { block } = request;
  if (has(machine, 'a')) return [written(request), marked(block)];
  if (has(machine, 'd')) return [marked(block - (block % 2)), written(request)];
  return [marked(block), written(request)];
}

/** The decision, and then the copying: processors wait until the shadow is complete. */
export function establish(machine: State): Event | undefined {
  if (machine.decisionDue) return { kind: 'flag.set' };
  return has(machine, 'e') ? undefined : nextOfCopying(machine);
}

/** Mutant e copies while processors run. */
export const background = (machine: State): Event | undefined =>
  has(machine, 'e') ? nextOfCopying(machine) : undefined;

/** Copies what is modified, and then clears the flag; undefined when the shadow is complete. */
function nextOfCopying(machine: State): Event | undefined {
  const { copying, modified } = machine.own;
  const isTimeToClear = modified.count <= (has(machine, 'f') ? 1 : 0);
  if (copying && isTimeToClear) return { kind: 'flag.cleared' };
  const block = copying || has(machine, 'f') ? modified.first() : undefined;
  return block === undefined ? undefined : { kind: 'copy.begun', block };
}

/** The block goes to the shadow before its bit is cleared. */
export const copySteps = (machine: State, block: number): Event[] =>
  has(machine, 'b') ? [cleared(block), copied(block)] : [copied(block), cleared(block)];

/** The block comes back before its bit is cleared. */
export const restoreSteps = ({ own }: State, block: number): Event[] => [
  { kind: 'block.restored', block, data: own.shadow.get(block) },
  cleared(block),
];

/** The flag says which way blocks go: forward to the new checkpoint, or back to the old one. */
export function restore(machine: State): Event | undefined {
  const { own } = machine;
  if (own.lostFlag) {
    const mayMatter = own.lostMap || own.modified.count > 0;
    return mayMatter
      ? lost('the flag: which of system memory and the shadow is the checkpoint is not known')
      : { kind: 'flag.cleared' };
  }
  if (own.lostMap) return { kind: 'map.rebuilt' };
  if (own.copying && !has(machine, 'c')) return mendFrozenMemory(machine) ?? nextOfCopying(machine);
  return mendShadow(machine) ?? bringBack(machine);
}

/** System memory is the checkpoint. Where it cannot be read, the shadow serves, if it is up to date there. */
function mendFrozenMemory({ errors, memory, own }: State): Event | undefined {
  const { shadow } = own;
  for (const { area, block } of errors) {
    if (area === 'memory' && memory.get(block) === UNREADABLE) {
      const data = shadow.get(block);
      if (mayDiffer(own, block)) return lost(`block ${block} of memory, which was still to be copied`);
      if (data === UNREADABLE) return lost(`block ${block}, both in memory and in the shadow`);
      return { kind: 'block.restored', block, data };
    }
    if (area === 'shadow' && shadow.get(block) === UNREADABLE && !mayDiffer(own, block)) return marked(block);
  }
  return undefined;
}

/** The shadow is the checkpoint. Where it cannot be read, system memory serves, if it was not modified there. */
function mendShadow({ errors, memory, own }: State): Event | undefined {
  const { shadow } = own;
  for (const { area, block } of errors) {
    if (area === 'shadow' && shadow.get(block) === UNREADABLE) {
      if (mayDiffer(own, block)) return lost(`block ${block} of the shadow, modified since`);
      if (memory.get(block) === UNREADABLE) return lost(`block ${block}, both in memory and in the shadow`);
      return { kind: 'shadow.mended', block };
    }
    if (area === 'memory' && memory.get(block) === UNREADABLE && !mayDiffer(own, block)) return marked(block);
  }
  return undefined;
}

function bringBack({ own }: State): Event | undefined {
  const block = own.modified.first();
  return block === undefined ? undefined : { kind: 'restore.begun', block };
}
