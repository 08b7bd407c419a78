import fc from 'fast-check';
import type { MachineConfiguration } from '../../src/hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../src/hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../../src/hardware/persistent-memory/operations.ts';
import type { MemoryState } from '../../src/hardware/persistent-memory/state.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import { forkState } from '../../src/kernel/model.ts';
import { hexOf } from './bytes.ts';
import type { NaiveOperation, NaiveWorld } from './naive-memory.ts';

/** A small world, and what happens in it one after the other. */
export interface SmallProgram {
  world: NaiveWorld;
  cores: number;
  operations: NaiveOperation[];
}

export interface SmallProgramConstraints {
  platforms?: readonly NaiveWorld['platform'][];
  lineBytes?: readonly number[];
  /** Lines of the file; its size is this, and part of a line less where it does not matter. */
  lines?: number;
  operations?: number;
  /** Pieces that one line gets at most: the subsets are two to the power of it. */
  piecesOfALine?: number;
  cores?: number;
  nonTemporal?: boolean;
  markers?: boolean;
}

/** Programs that a brute-force enumerator can still deal with, with much overlap in lines, atoms and bytes. */
export function smallProgram(constraints: SmallProgramConstraints = {}): fc.Arbitrary<SmallProgram> {
  const {
    platforms = ['P0', 'P1', 'P1f', 'P2'],
    lineBytes = [16, 64],
    lines = 3,
    operations = 14,
    piecesOfALine = 6,
    cores = 3,
    nonTemporal = true,
    markers = false,
  } = constraints;
  const world = fc.record({
    platform: fc.constantFrom(...platforms),
    lineBytes: fc.constantFrom(...lineBytes),
    controllers: fc.constantFrom(1, 2),
  });
  return world.chain((sizes) => {
    const sizeBytes = lines * sizes.lineBytes;
    const core = fc.nat(cores - 1);
    // Few atoms in each line are used, so that pieces meet.
    const place = fc
      .record({
        line: fc.nat(lines - 1),
        atom: fc.constantFrom(0, 0, 1),
        byte: fc.constantFrom(0, 0, 0, 4, 6, 7),
      })
      .map(({ line, atom, byte }) => line * sizes.lineBytes + atom * (sizes.lineBytes - 8) + byte);
    const bytes = fc
      .record({ length: fc.constantFrom(1, 4, 8, 8, 9, 16), value: fc.constantFrom(0, 1, 2, 3, 0xff) })
      .map(({ length, value }) => new Array<number>(length).fill(value));
    const range = fc.constantFrom(1, 1, 1, 8, sizes.lineBytes, 2 * sizes.lineBytes);
    const store = fc.record({
      type: fc.constant('store' as const),
      core,
      address: place,
      bytes,
      nonTemporal: nonTemporal ? fc.boolean() : fc.constant(false),
    });
    const flush = fc.record({ type: fc.constant('flush' as const), core, address: place, sizeBytes: range });
    const clflush = fc.record({
      type: fc.constant('clflush' as const),
      core,
      address: place,
      sizeBytes: range,
    });
    const fence = fc.record({ type: fc.constant('fence' as const), core });
    const locked = fc.record({ type: fc.constant('locked' as const), core, address: place, bytes });
    const hint = fc.record({ type: fc.constant('hint' as const), controller: fc.nat(sizes.controllers - 1) });
    const evict = fc.record({ type: fc.constant('evict' as const), address: place });
    const combine = fc.record({ type: fc.constant('combine' as const), address: place });
    const marker = fc.record({ type: fc.constant('marker' as const), name: fc.constantFrom('A', 'B') });
    const operation: fc.Arbitrary<NaiveOperation> = fc.oneof(
      { weight: 12, arbitrary: store },
      { weight: 5, arbitrary: flush },
      { weight: 1, arbitrary: clflush },
      { weight: 4, arbitrary: fence },
      { weight: 1, arbitrary: locked },
      { weight: 1, arbitrary: hint },
      { weight: 1, arbitrary: evict },
      { weight: 1, arbitrary: combine },
      ...(markers ? [{ weight: 4, arbitrary: marker }] : []),
    );
    const world = { ...sizes, interleaveBytes: 2 * sizes.lineBytes, sizeBytes };
    return fc.array(operation, { maxLength: operations, size: 'max' }).map((all) => ({
      world,
      cores,
      operations: bounded(all, world, piecesOfALine),
    }));
  });
}

/** Leaves out the stores that reach beyond the file or that would give a line too many pieces. */
function bounded(operations: NaiveOperation[], world: NaiveWorld, piecesOfALine: number): NaiveOperation[] {
  const count = new Map<number, number>();
  return operations.flatMap((operation): NaiveOperation[] => {
    if (!('bytes' in operation)) return [operation];
    const { address } = operation;
    const bytes = operation.bytes.slice(
      0,
      operation.type === 'locked' ? 8 - (address % 8) : world.sizeBytes - address,
    );
    for (let atom = Math.floor(address / 8); atom * 8 < address + bytes.length; atom++) {
      const line = Math.floor((atom * 8) / world.lineBytes);
      count.set(line, (count.get(line) ?? 0) + 1);
      if ((count.get(line) as number) > piecesOfALine) return [];
    }
    return [{ ...operation, bytes }];
  });
}

export function machineOf(program: SmallProgram): Partial<MachineConfiguration> {
  const { platform, lineBytes, controllers, interleaveBytes } = program.world;
  return { platform, lineBytes, controllers, interleaveBytes, cores: program.cores };
}

/** The events by which the machine carries out a program. Acts of its own that find nothing to act on are left out. */
export const eventsOf = (program: SmallProgram) =>
  function* events(state: MemoryState): Generator<MemoryEvent> {
    const { lineBytes } = program.world;
    for (const operation of program.operations) {
      if (operation.type === 'evict' || operation.type === 'combine') {
        const act: MemoryEvent =
          operation.type === 'evict'
            ? { kind: 'line.evicted', address: operation.address - (operation.address % lineBytes) }
            : { kind: 'combining.written', address: operation.address - (operation.address % 8) };
        if (isLegal(state, act)) yield act;
      } else {
        for (const asked of operationsFor(operation)) yield* perform(state, asked);
      }
    }
  };

function isLegal(state: MemoryState, event: MemoryEvent): boolean {
  try {
    evolveMemory(forkState(state), event);
    return true;
  } catch (error) {
    if (error instanceof IllegalEvent) return false;
    throw error;
  }
}

function operationsFor(operation: NaiveOperation): Operation[] {
  switch (operation.type) {
    case 'store': {
      const { core, address, bytes, nonTemporal } = operation;
      return [{ type: 'store', core, address, data: hexOf(bytes), ...(nonTemporal && { nonTemporal }) }];
    }
    case 'flush':
    case 'clflush': {
      const { type, core, address, sizeBytes } = operation;
      return [
        { type: 'flush', core, address, sizeBytes, instruction: type === 'flush' ? 'clwb' : 'clflush' },
      ];
    }
    case 'fence':
      return [{ type: 'fence', core: operation.core, instruction: 'sfence' }];
    case 'locked': {
      const { core, address, bytes } = operation;
      return [
        { type: 'fence', core, instruction: 'locked' },
        { type: 'store', core, address, data: hexOf(bytes) },
      ];
    }
    case 'hint':
      return [{ type: 'hint', core: 0, controller: operation.controller }];
    case 'marker':
      return [{ type: 'marker', core: 0, name: operation.name }];
    default:
      throw new Error(`${operation.type} is not something a machine can be asked for`);
  }
}
