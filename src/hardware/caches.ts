import { type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal } from '../kernel/reducers.ts';

/** One row of a write-back cache that holds a whole block. */
export interface CacheRow {
  block: number;
  /** Hexadecimal digits. */
  contents: string;
  dirty: boolean;
}

/** What a processor needs to have a cache: its rows, the one filled first in front. */
export interface Cached {
  rows: CacheRow[];
}

const processor = field.count('the processor');
const block = field.count('number of the block');

/** Write-back caches of several processors with single ownership. Source: mechanism sheets, section 1.3. */
export const cacheEvents = eventTable({
  'line.filled': {
    since: 1,
    meaning: 'A cache took a line from memory.',
    fields: { processor, block, data: field.bytes('what memory held', 65536) },
  },
  'line.passed': {
    since: 1,
    meaning: 'An intervention: a line moved from one cache to another, with its modifications.',
    fields: {
      processor: field.count('the processor that gets it'),
      from: field.count('the processor that had it'),
      block,
    },
  },
  'line.evicted': {
    since: 1,
    meaning: 'A line left a cache; if it was modified, the memory controller is asked to write it.',
    fields: { processor, block },
  },
  'cache.invalidated': {
    since: 1,
    meaning: 'A cache dropped all its lines without writing any back.',
    fields: { processor },
  },
});

type CacheEvent<K extends keyof typeof cacheEvents> = EventOfKind<typeof cacheEvents, K>;
interface Machine {
  processors: Cached[];
}

/** The row that holds a block; undefined on a miss. */
export const rowOf = ({ rows }: Cached, block: number): CacheRow | undefined =>
  rows.find((row) => row.block === block);

/** The processor whose cache holds a block; -1 when none does. */
export const holderOf = ({ processors }: Machine, block: number): number =>
  processors.findIndex((cached) => rowOf(cached, block) !== undefined);

export function fillLine(machine: Machine, event: CacheEvent<'line.filled'>): void {
  expectLegal(holderOf(machine, event.block) < 0, event, `a cache holds block ${event.block} already`);
  machine.processors[event.processor].rows.push({ block: event.block, contents: event.data, dirty: false });
}

export function passLine(machine: Machine, event: CacheEvent<'line.passed'>): void {
  const { rows } = machine.processors[event.from];
  const at = rows.findIndex((row) => row.block === event.block);
  expectLegal(at >= 0, event, `processor ${event.from} does not hold block ${event.block}`);
  machine.processors[event.processor].rows.push(...rows.splice(at, 1));
}

/** Takes the line out of the cache and returns it. */
export function evictLine(machine: Machine, event: CacheEvent<'line.evicted'>): CacheRow {
  const { rows } = machine.processors[event.processor];
  const at = rows.findIndex((row) => row.block === event.block);
  expectLegal(at >= 0, event, `processor ${event.processor} does not hold block ${event.block}`);
  return rows.splice(at, 1)[0];
}

export function invalidateCache(machine: Machine, event: CacheEvent<'cache.invalidated'>): void {
  machine.processors[event.processor].rows = [];
}
