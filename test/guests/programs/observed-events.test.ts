import { describe, expect, it } from 'vitest';
import { performed } from '../../../src/guests/programs/performed.ts';
import { Process } from '../../../src/guests/programs/process.ts';
import { type ProgramSpec, programSpec } from '../../../src/guests/programs/program-spec.ts';
import { TracedProgram } from '../../../src/guests/programs/traced-program.ts';
import type { MemoryEvent } from '../../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../../src/hardware/persistent-memory/evolve.ts';
import { initialMemory } from '../../../src/hardware/persistent-memory/state.ts';
import { disassemble } from '../../../src/processor/decode/disassemble.ts';
import { MAPPED } from '../../../src/processor/memory.ts';
import type { Recorded } from '../../../src/processor/processor.ts';
import { interpreted, translatedAtOnce } from '../../support/engines.ts';
import { x86Fixture } from '../../support/guests.ts';

const POOL = '/pool';
const END = 1_000_000;
const PAGE = 4096;

const specOf = (path: string, recorded: Recorded = 'all'): ProgramSpec =>
  programSpec({
    executable: x86Fixture(path),
    path: '/program',
    argv: ['program', POOL, '2'],
    memoryBytes: 1 << 24,
    persistentFiles: new Map([[POOL, { capacityBytes: 1 << 16 }]]),
    recorded,
  });

/** The events of a run to its end, with memory as it was before and as it is behind. */
function observed(path: string, recorded?: Recorded) {
  const state = initialMemory();
  const events: MemoryEvent[] = [];
  const add = (event: MemoryEvent): void => {
    evolveMemory(state, event);
    events.push(event);
  };
  const spec = specOf(path, recorded);
  let before = new Uint8Array(0);
  const traced = new TracedProgram(
    (hooks) => {
      const process = new Process(spec, translatedAtOnce, hooks);
      before = process.processor.memory.bytes.slice(0, process.processor.memory.sizeBytes);
      return process;
    },
    { sourceOf: String, take: (one) => performed(state, one).forEach(add), observe: add },
  );
  traced.run(END);
  return { events, before, process: traced.process };
}

/** None of them maps a part of a file privately, which changes what memory holds without a store. */
const PROGRAMS = ['guests/hello.elf', 'guests/signals.elf', 'programs/list.elf', 'programs/log.elf'];

describe('events of a program of which all is recorded', () => {
  it.each(PROGRAMS)('%s: stores make the memory that loads see and that is there at the end', (path) => {
    const { events, before, process } = observed(path);
    const memory = before.slice();
    const wrong: unknown[] = []; // an assertion each would take most of the time
    let fileAt = 0;
    let loads = 0;
    for (const event of events) {
      if (event.kind === 'file.mapped') fileAt = Number(event.base);
      if (event.kind === 'store.visible') memory.set(Buffer.from(event.data, 'hex'), fileAt + event.address);
      if (event.kind === 'memory.stored') memory.set(Buffer.from(event.data, 'hex'), Number(event.address));
      if (event.kind !== 'memory.loaded') continue;
      loads++;
      const at = Number(event.address);
      const expected = Buffer.from(memory.subarray(at, at + event.data.length / 2)).toString('hex');
      if (event.data !== expected) wrong.push({ event, expected });
    }
    expect(wrong).toEqual([]);
    expect(loads).toBeGreaterThan(100);
    const { bytes, attributes } = process.processor.memory;
    for (const [page, attribute] of attributes.entries()) {
      if ((attribute & MAPPED) === 0) continue;
      const at = page * PAGE;
      const isSame = Buffer.compare(memory.subarray(at, at + PAGE), bytes.subarray(at, at + PAGE)) === 0;
      expect([at.toString(16), isSame]).toEqual([at.toString(16), true]);
    }
  });

  it.each([...PROGRAMS, 'guests/pool.elf', 'guests/timers.elf'])(
    '%s: each says which instruction it comes from, and when',
    (path) => {
      const { events } = observed(path);
      const process = new Process(specOf(path), interpreted);
      const { processor } = process;
      const wrong: unknown[] = [];
      let told = 0;
      for (const event of [...events].sort((a, b) => placeOf(a) - placeOf(b))) {
        if (!('executed' in event) || event.executed === undefined || event.kind === 'program.ended')
          continue;
        if (event.executed !== processor.instructions) process.run(event.executed);
        const { instructions, instructionPointer: at } = processor;
        if (event.executed !== instructions || event.rip !== BigInt(at)) wrong.push({ event, at });
        told++;
        const mnemonic = MNEMONICS[event.kind];
        if (mnemonic === undefined) continue;
        const [{ text }] = disassemble(processor.memory.bytes.slice(at, at + 15), at, 1);
        expect(text).toMatch(mnemonic);
      }
      expect(wrong).toEqual([]);
      expect(told).toBeGreaterThan(100);
    },
  );
});

describe('what is recorded', () => {
  it.each([...PROGRAMS, 'guests/pool.elf', 'guests/files.elf'])(
    'of %s does not change what it does',
    (path) => {
      const few = observed(path, 'persistent').events;
      const isOfLevel = ({ kind }: MemoryEvent): boolean =>
        kind !== 'memory.loaded' && kind !== 'memory.stored';
      for (const recorded of ['stores', 'all'] as const)
        expect(observed(path, recorded).events.filter(isOfLevel)).toEqual(few);
    },
  );
});

describe('signals', () => {
  it('are events between the frame that is stored for them and the first instruction of the handler', () => {
    const { events } = observed('guests/signals.elf');
    const signals = [...events.entries()].filter(([, { kind }]) => kind === 'signal.delivered');
    expect(signals.length).toBeGreaterThan(2);
    const process = new Process(specOf('guests/signals.elf'), interpreted);
    for (const [index, event] of signals) {
      if (event.kind !== 'signal.delivered') continue;
      const frame = events[index - 1];
      expect(frame).toMatchObject({ kind: 'memory.stored', rip: event.rip, executed: event.executed });
      process.run(event.executed + 1);
      expect(BigInt(process.processor.instructionPointer)).toBe(event.handler);
    }
  });
});

const placeOf = (event: MemoryEvent): number => ('executed' in event ? (event.executed ?? 0) : 0);

/** What an instruction that leads to such an event is called; others have many names. */
const MNEMONICS: Partial<Record<MemoryEvent['kind'], RegExp>> = {
  'call.done': /^syscall/,
  'random.drawn': /^syscall/,
  'marker.passed': /^syscall/,
  'cpuid.executed': /^cpuid/,
  'clock.read': /^rdtsc/,
  'line.flushed': /^(clwb|clflush|clflushopt|syscall)/,
  'memory.flushed': /^(clwb|clflush|clflushopt)/,
  'locked.executed': /^(lock|xchg)/,
  'fence.issued': /^(sfence|mfence|lock|xchg|syscall)/,
};
