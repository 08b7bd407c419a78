import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import {
  fileAt,
  initialMemory,
  type MemoryState,
  nvdimmAddress,
} from '../hardware/persistent-memory/state.ts';
import type { StrayFlush } from '../hardware/persistent-memory/stray-flush.ts';
import type { PlacedOperation } from './surviving-pieces.ts';

type Flush = Extract<Operation, { type: 'flush' }>;

/** A flush that was meant for the line of a store, and went elsewhere. */
export type MisplacedFlush =
  /** To volatile memory: often a local copy of what was stored. */
  | { readonly to: 'volatile memory'; readonly source: string; readonly isOnStack: boolean }
  /** The store was of a pointer, or of an offset in its file: to where that points. */
  | { readonly to: 'pointee'; readonly source: string | undefined; readonly line: number }
  /** To a line in which there is nothing to flush. */
  | { readonly to: 'another line'; readonly source: string | undefined; readonly line: number };

/** What a run had done between a store and what came too early. */
export interface Stretch {
  /** The store that no flush reached: its place in the run, and the NVDIMM address of the atom in question. */
  readonly store: { readonly place: number; readonly address: number };
  /** The place up to which it should have been flushed. */
  readonly until: number;
}

/** Finds the flush that was meant for a store, when none of its line follows it. */
export function misplacedFlush(
  { store, until }: Stretch,
  operations: readonly PlacedOperation[],
  strayFlushes: readonly StrayFlush[],
  lineBytes: number,
): MisplacedFlush | undefined {
  const flushes = flushesOf(operations, lineBytes).filter(
    ({ place }) => place > store.place && place < until,
  );
  const targets = pointeesOf(store, operations).map(({ address, isSure }) => ({
    line: Math.floor(address / lineBytes),
    isSure,
  }));
  for (const { flush, lines, isIdle } of flushes) {
    // An offset is a number like others: it counts only where the flush has no other use.
    const target = targets.find(({ line, isSure }) => lines.includes(line) && (isSure || isIdle));
    if (target !== undefined) return { to: 'pointee', source: flush.source, line: target.line };
  }
  const stray = strayFlushes.find(({ place }) => place > store.place && place <= until);
  if (stray !== undefined) return { to: 'volatile memory', ...stray };
  const idle = flushes.find(({ isIdle }) => isIdle);
  return idle && { to: 'another line', source: idle.flush.source, line: idle.lines[0] };
}

/** A flush before a store to its line that found nothing to flush there, or that was not fenced yet: it was meant for the store. */
export function prematureFlush(
  { place: at, address }: Stretch['store'],
  operations: readonly PlacedOperation[],
  lineBytes: number,
): Flush | undefined {
  const line = Math.floor(address / lineBytes);
  const last = flushesOf(operations, lineBytes).findLast(
    ({ place, lines }) => place < at && lines.includes(line),
  );
  if (last === undefined) return undefined;
  const isFenced = operations.some(
    ({ place, operation }) => place > last.place && place < at && operation.type === 'fence',
  );
  return last.isIdle || !isFenced ? last.flush : undefined;
}

interface PlacedFlush {
  readonly place: number;
  readonly flush: Flush;
  readonly lines: readonly number[];
  /** Nothing was stored to its lines since they were flushed before; nor to others that were flushed in the same loop. */
  readonly isIdle: boolean;
}

/** All flushes of a run. Those of one loop, which is one flush to the program, are idle together or not at all. */
function flushesOf(operations: readonly PlacedOperation[], lineBytes: number): PlacedFlush[] {
  const dirty = new Set<number>();
  const found: PlacedFlush[] = [];
  let loop: { place: number; flush: Flush; lines: number[] }[] = [];
  let isIdle = true;
  const close = (): void => {
    for (const one of loop) found.push({ ...one, isIdle });
    loop = [];
    isIdle = true;
  };
  for (const { place, operation } of operations) {
    if (operation.type !== 'flush') {
      close();
      if (operation.type === 'store')
        for (const line of linesFrom(operation.address, operation.data.length / 2, lineBytes))
          dirty.add(line);
      continue;
    }
    if (loop.length > 0 && (operation.source === undefined || loop[0].flush.source !== operation.source))
      close();
    const lines = linesFrom(operation.address, operation.sizeBytes, lineBytes);
    for (const line of lines) if (dirty.delete(line)) isIdle = false;
    loop.push({ place, flush: operation, lines });
  }
  close();
  return found;
}

/** NVDIMM addresses to which the eight bytes of a store may point: surely a pointer, or an offset in its own file. */
function pointeesOf(
  { place, address }: Stretch['store'],
  operations: readonly PlacedOperation[],
): { address: number; isSure: boolean }[] {
  const store = operations.find((one) => one.place === place)?.operation;
  if (store?.type !== 'store' || address < store.address) return [];
  const at = 2 * (address - store.address);
  const bytes = store.data.slice(at, at + 16).match(/../g) ?? [];
  if (bytes.length < 8) return [];
  const value = BigInt(`0x${bytes.reverse().join('')}`);
  const found: { address: number; isSure: boolean }[] = [];
  const mapped = withMappings(operations);
  const pointee = nvdimmAddress(mapped, value);
  if (pointee !== undefined) found.push({ address: pointee, isSure: true });
  const own = fileAt(mapped, address)?.file;
  if (own !== undefined && value > 0n && value < BigInt(own.sizeBytes))
    found.push({ address: own.address + Number(value), isSure: false });
  return found;
}

/** A machine that only knows where files are mapped. */
function withMappings(operations: readonly PlacedOperation[]): MemoryState {
  const state = initialMemory();
  for (const { operation } of operations)
    if (operation.type === 'map') for (const event of perform(state, operation)) evolveMemory(state, event);
  return state;
}

/** Numbers of the lines that hold some bytes. */
function linesFrom(address: number, sizeBytes: number, lineBytes: number): number[] {
  const first = Math.floor(address / lineBytes);
  const last = Math.floor((address + Math.max(1, sizeBytes) - 1) / lineBytes);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
