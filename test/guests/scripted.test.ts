import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultSchedule, scriptedProgram } from '../../src/fast-check.ts';
import {
  decide,
  parseProgram,
  programJson,
  runProgram,
  type ScriptedInstruction,
  type ScriptedProgram,
  scriptedEvents,
} from '../../src/guests/scripted.ts';
import { smallWorld } from '../../src/hardware/persistent-memory/configuration.ts';
import type { MemoryEvent, MemoryEventOf } from '../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../src/hardware/persistent-memory/evolve.ts';
import { initialMemory, type MemoryState } from '../../src/hardware/persistent-memory/state.ts';
import { InputError } from '../../src/kernel/errors.ts';
import { forkState } from '../../src/kernel/model.ts';
import { hexOf } from '../support/bytes.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/guests/scripted.test.ts';
const smallMachine = { ...smallWorld, cores: 3 };
const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const programs = scriptedProgram({ maxCores: 3, lineBytes: 16, hintControllers: 2, markers: ['A', 'B'] });
const machines = fc.record({
  platform: fc.constantFrom('P0', 'P1', 'P1f', 'P2'),
  storeBufferEntries: fc.constantFrom(1, 2, 8),
  queueLines: fc.constantFrom(1, 2, 100),
  cores: fc.constant(3),
  lineBytes: fc.constant(16),
  interleaveBytes: fc.constant(16),
});
const chances = fc.constantFrom(
  { evictionPerMille: 0, drainPerMille: 0, combiningPerMille: 0 },
  { evictionPerMille: 100, drainPerMille: 100, combiningPerMille: 100 },
);

const foldedFrom = (state: MemoryState, events: Iterable<MemoryEvent>): MemoryEvent[] => {
  const taken: MemoryEvent[] = [];
  for (const event of events) {
    evolveMemory(state, event);
    taken.push(event);
  }
  return taken;
};

const program = (...cores: ScriptedInstruction[][]): ScriptedProgram => ({
  file: 'memory',
  base: 0x1000n,
  sizeBytes: 256,
  cores,
});

describe('a scripted guest', () => {
  it('goes on from any fork with the same rest', () => {
    const cases = fc.property(programs, machines, seeds, chances, (program, machine, seed, unasked) => {
      const { events } = runProgram(program, machine, seed, unasked);
      const state = initialMemory(machine);
      for (let index = 0; index <= events.length; index++) {
        const fork = forkState(state);

        const rest = foldedFrom(fork, scriptedEvents(fork, program, seed, unasked));

        expect(rest).toEqual(events.slice(index));
        if (index < events.length) evolveMemory(state, events[index]);
      }
    });
    holds(cases, 150, FILE);
  });

  it('stops where power is lost', () => {
    const crashes = programs.chain((program) =>
      faultSchedule({ events: runProgram(program, smallMachine, 1n).events.length }).map(([{ index }]) => ({
        program,
        index,
      })),
    );
    const cases = fc.property(crashes, ({ program, index }) => {
      const state = initialMemory(smallMachine);
      const { events } = runProgram(program, smallMachine, 1n);
      foldedFrom(state, [...events.slice(0, index), { kind: 'power.lost' }]);

      expect(decide(state, program, 1n)).toBeUndefined();
    });
    holds(cases, 100, FILE);
  });

  it('ends with every instruction retired and nothing left to do', () => {
    const cases = fc.property(programs, machines, seeds, chances, (program, machine, seed, unasked) => {
      const { state } = runProgram(program, machine, seed, unasked);

      program.cores.forEach((instructions, core) => {
        const { retired, buffer, fence, hint, locked } = state.cores[core];
        expect({ retired, buffer, fence, hint, locked }).toEqual({
          retired: instructions.length,
          buffer: [],
          fence: null,
          hint: null,
          locked: false,
        });
      });
    });
    holds(cases, 300, FILE);
  });

  it('does nothing of its own accord unless chances are given', () => {
    const cases = fc.property(programs, seeds, (program, seed) => {
      const { events } = runProgram(program, smallMachine, seed);

      const unasked = events.filter(({ kind }) => kind === 'line.evicted' || kind === 'combining.written');
      expect(unasked).toEqual([]);
      if (!events.some(({ kind }) => kind === 'hint.written')) {
        expect(events.some(({ kind }) => kind === 'wpq.drained')).toBe(false);
      }
    });
    holds(cases, 200, FILE);
  });

  it('keeps the order of each core, whatever the seed', () => {
    const cases = fc.property(programs, machines, seeds, (program, machine, seed) => {
      const { events } = runProgram(program, machine, seed);

      program.cores.forEach((instructions, core) => {
        const own = events.filter((event) => 'core' in event && event.core === core);
        expect(tookEffect(own)).toEqual(instructions.map(asText));
      });
    });
    holds(cases, 300, FILE);
  });

  it('leaves in memory what one core after the other wrote, when there is one core', () => {
    const cases = fc.property(scriptedProgram({ maxCores: 1 }), seeds, (program, seed) => {
      const { state } = runProgram(program, {}, seed);

      const memory = new Array<number>(program.sizeBytes).fill(0);
      for (const instruction of program.cores[0]) {
        if (!('data' in instruction)) continue;
        const bytes = Buffer.from(instruction.data, 'hex');
        memory.splice(Number(instruction.address - program.base), bytes.length, ...bytes);
      }
      expect(hexOf(state.visible.read(0, program.sizeBytes))).toBe(hexOf(memory));
    });
    holds(cases, 200, FILE);
  });

  it('never overfills a write pending queue', () => {
    const cases = fc.property(programs, machines, seeds, chances, (program, machine, seed, unasked) => {
      const state = initialMemory(machine);
      for (const event of scriptedEvents(state, program, seed, unasked)) {
        evolveMemory(state, event);
        expect(Math.max(...state.occupancyLines)).toBeLessThanOrEqual(machine.queueLines);
      }
    });
    holds(cases, 200, FILE);
  });

  it('shows both orders of two cores, over the seeds', () => {
    const one = { kind: 'store', address: 0x1000n, data: '01' } as const;
    const two = { kind: 'store', address: 0x1000n, data: '02' } as const;

    const left = new Set(
      Array.from({ length: 50 }, (_, seed) =>
        runProgram(program([one], [two]), smallWorld, BigInt(seed)).state.visible.byte(0),
      ),
    );

    expect([...left].sort()).toEqual([1, 2]);
  });

  it('makes the store of a locked instruction visible at once, after its fence', () => {
    const { events } = runProgram(program([{ kind: 'locked', address: 0x1008n, data: '01000000' }]), {}, 1n);

    expect(events.map(({ kind }) => kind)).toEqual([
      'file.mapped',
      'fence.issued',
      'fence.retired',
      'store.visible',
    ]);
  });

  it('cuts a store that is not within one atom at the atom, and can stop in between', () => {
    const { events } = runProgram(
      program([{ kind: 'store', address: 0x1004n, data: '0102030405060708' }]),
      {},
      1n,
    );

    const pieces = events.filter(
      (event): event is MemoryEventOf<'store.visible'> => event.kind === 'store.visible',
    );
    expect(pieces.map(({ address, data, more }) => [address, data, more])).toEqual([
      [4, '01020304', true],
      [8, '05060708', undefined],
    ]);
  });

  it('flushes the line that contains an address, whatever the address', () => {
    const { events } = runProgram(program([{ kind: 'clwb', address: 0x107fn }]), {}, 1n);

    expect(events.at(-1)).toEqual({
      kind: 'line.flushed',
      core: 0,
      address: 64,
      sizeBytes: 64,
      instruction: 'clwb',
    });
  });

  it('asks for each event to be folded in', () => {
    const events = scriptedEvents(initialMemory(), program([]), 1n);
    events.next();

    expect(() => events.next()).toThrow('file.mapped was not folded into the state');
  });
});

describe('parseProgram', () => {
  it('reads what programJson writes', () => {
    const cases = fc.property(programs, (program) => {
      expect(parseProgram(JSON.parse(programJson(program)))).toEqual(program);
    });
    holds(cases, 200, FILE);
  });

  it('takes addresses as numbers or 0x strings, and capital digits', () => {
    const parsed = parseProgram({
      sizeBytes: 64,
      cores: [
        [
          { kind: 'store', address: 8, data: 'FF' },
          { kind: 'clwb', address: '0x3F' },
        ],
      ],
    });

    expect(parsed).toEqual({
      file: 'memory',
      base: 0n,
      sizeBytes: 64,
      cores: [
        [
          { kind: 'store', address: 8n, data: 'ff' },
          { kind: 'clwb', address: 63n },
        ],
      ],
    });
  });

  const store = { kind: 'store', address: 0, data: '00' };
  it.each<[unknown, string]>([
    [null, 'must be an object with sizeBytes and cores'],
    [{ sizeBytes: 64 }, 'cores must be a list with a list of instructions for each core'],
    [{ sizeBytes: 64, cores: [] }, 'cores must hold the instructions of one core or more'],
    [{ sizeBytes: 64, cores: [7] }, 'core 0 must be a list of instructions'],
    [{ sizeBytes: '64', cores: [[]] }, 'sizeBytes must be a number'],
    [{ sizeBytes: 0, cores: [[]] }, 'sizeBytes must be from 1 to 1099511627776, not 0'],
    [{ sizeBytes: 64, size: 1, cores: [[]] }, 'has no member "size"'],
    [{ sizeBytes: 64, file: '', cores: [[]] }, 'file must be a name'],
    [{ sizeBytes: 64, base: -1, cores: [[]] }, 'base must be a number or a 0x string'],
    [
      { sizeBytes: 64, base: '0xffffffffffffffff', cores: [[]] },
      'base must leave room for the file below 2^64, and 0xffffffffffffffff does not',
    ],
    [{ sizeBytes: 64, cores: [[store], [store, 3]] }, 'core 1, instruction 1: must be an object with a kind'],
    [{ sizeBytes: 64, cores: [[{ kind: 'load' }]] }, 'core 0, instruction 0: unknown kind "load"'],
    [
      { sizeBytes: 64, cores: [[{ kind: 'store', address: 0 }]] },
      'core 0, instruction 0: store lacks data: the bytes, in memory order',
    ],
    [
      { sizeBytes: 64, cores: [[store, { ...store, data: '0' }]] },
      'core 0, instruction 1: data of store must be pairs of lower-case hexadecimal digits',
    ],
    [
      { sizeBytes: 64, cores: [[{ ...store, data: '' }]] },
      'core 0, instruction 0: store must have one byte of data or more',
    ],
    [{ sizeBytes: 64, cores: [[{ ...store, core: 1 }]] }, 'core 0, instruction 0: store has no field "core"'],
    [
      { sizeBytes: 64, cores: [[{ ...store, cause: 1 }]] },
      'core 0, instruction 0: store has no field "cause"',
    ],
    [
      { sizeBytes: 64, cores: [[{ ...store, address: 'here' }]] },
      'core 0, instruction 0: address of store must be a 64-bit unsigned number',
    ],
    [
      { sizeBytes: 64, base: 4096, cores: [[{ ...store, address: 4159, data: '0000' }]] },
      'core 0, instruction 0: store at 0x103f reaches beyond the file, which lies from 0x1000 to 0x1040',
    ],
    [
      { sizeBytes: 64, cores: [[{ kind: 'locked', address: 6, data: '000000' }]] },
      'core 0, instruction 0: locked at 0x6 must lie within 8 aligned bytes of the file',
    ],
    [
      { sizeBytes: 64, cores: [[{ kind: 'locked', address: 0, data: '00'.repeat(9) }]] },
      'core 0, instruction 0: data of locked must be at most 8 bytes',
    ],
  ])('refuses %j in one line', (value, message) => {
    expect(() => parseProgram(value)).toThrow(new InputError(`scripted program: ${message}`));
  });
});

describe('runProgram', () => {
  it('refuses a program for more cores than the machine has', () => {
    expect(() => runProgram(program([], [], []), smallWorld, 1n)).toThrow(
      new InputError('scripted program: has instructions for 3 cores, and the machine has 2'),
    );
  });

  it('refuses a flush hint for a controller that the machine does not have', () => {
    expect(() => runProgram(program([], [{ kind: 'hint', controller: 2 }]), smallWorld, 1n)).toThrow(
      new InputError(
        'scripted program: core 1, instruction 0: there is no memory controller 2, the machine has 2',
      ),
    );
  });
});

describe('the example programs', () => {
  const folder = new URL('../../fixtures/programs/', import.meta.url);
  it.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s runs to its end', (name) => {
    const program = parseProgram(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));

    const { state } = runProgram(program, {}, 1n);

    expect(state.cores.map(({ retired }) => retired)).toEqual(program.cores.map(({ length }) => length));
    expect(state.markerCount).toBeGreaterThan(0);
  });
});

/** What took effect of the instructions of one core, in order, in the words of `asText`. */
function tookEffect(events: readonly MemoryEvent[]): string[] {
  const all: { at: number; text: string }[] = [];
  let at = 0; // buffered instructions take their place in the order when they are issued
  const waiting: { at: number; data: string }[] = [];
  let pieces = '';
  let first = 0;
  for (const event of events) {
    switch (event.kind) {
      case 'store.buffered':
      case 'flush.buffered':
        waiting.push({ at: at++, data: '' });
        break;
      case 'fence.retired':
        if (event.instruction !== 'locked') all.push({ at: at++, text: event.instruction });
        break;
      case 'hint.done':
        all.push({ at: at++, text: `hint ${event.controller}` });
        break;
      case 'marker.passed':
        all.push({ at: at++, text: `marker ${event.name}` });
        break;
      case 'line.flushed':
        all.push({ at: waiting.shift()?.at ?? at++, text: `${event.instruction} ${event.address}` });
        break;
      case 'store.visible': {
        if (pieces === '') first = event.address;
        pieces += event.data;
        if (event.more) break;
        const kind = event.nonTemporal ? 'ntstore' : 'store';
        all.push({ at: waiting.shift()?.at ?? at++, text: `${kind} ${first} ${pieces}` });
        pieces = '';
        break;
      }
      default:
    }
  }
  return all.sort((one, other) => one.at - other.at).map(({ text }) => text);
}

/** An instruction for a file at address 0 with lines of 16 bytes. */
function asText(instruction: ScriptedInstruction): string {
  switch (instruction.kind) {
    case 'store':
    case 'ntstore':
      return `${instruction.kind} ${instruction.address} ${instruction.data}`;
    case 'locked':
      return `store ${instruction.address} ${instruction.data}`;
    case 'clwb':
    case 'clflushopt':
    case 'clflush':
      return `${instruction.kind} ${instruction.address - (instruction.address % 16n)}`;
    case 'hint':
      return `hint ${instruction.controller}`;
    case 'marker':
      return `marker ${instruction.name}`;
    default:
      return instruction.kind;
  }
}
