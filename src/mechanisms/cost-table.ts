import type { AnyEvent } from '../kernel/event-table.ts';

/** Kinds of events that are the same amount of work. */
export interface WorkClass {
  /** What they have in common. */
  readonly meaning: string;
  readonly ticks: number;
  readonly kinds: readonly string[];
}

/** What an event takes that is in no class: a register, a bit, a step of an actor. */
export const DEFAULT_TICKS = 1;

/**
 * How long events take, in ticks: one table for all mechanisms, so that their numbers can be compared. Ticks are declared,
 * not measured. They tell cheap work from dear work in rough proportion, and a comparison that rests on them is one of
 * shapes: what grows with what, and which of two is more. Sources of the classes: mechanism sheets, sections 1.3 to 1.6.
 */
export const costTable: readonly WorkClass[] = [
  {
    meaning: 'one access to memory, of a block or line',
    ticks: 4,
    kinds: [
      'line.filled',
      'block.written',
      'entry.captured',
      'log.persisted',
      'store.persisted',
      'remote.persisted',
      'remote.applied',
      'hint.written',
    ],
  },
  {
    meaning: 'a block copied: read in one place and written in another',
    ticks: 8,
    kinds: [
      'block.copied',
      'block.restored',
      'rest.copied',
      'entry.drained',
      'entry.applied',
      'entry.written',
      'shadow.mended',
    ],
  },
  {
    meaning: 'a message, from sender to link or from link to receiver',
    ticks: 16,
    kinds: ['message.sent', 'message.delivered'],
  },
  {
    meaning: 'into the hypervisor, or back to the guest',
    ticks: 32,
    kinds: ['vm.exited', 'vm.resumed'],
  },
  {
    meaning: 'a host is given up: silence is waited for, or the fence',
    ticks: 256,
    kinds: ['host.suspected', 'host.fenced'],
  },
];

const ticksByKind: ReadonlyMap<string, number> = new Map(
  costTable.flatMap(({ ticks, kinds }) => kinds.map((kind) => [kind, ticks])),
);

/** Ticks that an event takes. */
export const ticksOf = ({ kind }: AnyEvent): number => ticksByKind.get(kind) ?? DEFAULT_TICKS;
