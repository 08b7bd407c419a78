import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  eventArbitrary,
  faultSchedule,
  type ScriptedProgramConstraints,
  scriptedProgram,
} from '../src/fast-check.ts';
import {
  checkProgram,
  runProgram,
  type ScriptedInstruction,
  type ScriptedProgram,
} from '../src/guests/scripted.ts';
import { memoryEvents } from '../src/hardware/persistent-memory/events.ts';
import { eventGuard } from '../src/kernel/event-table.ts';
import { holds } from './support/many.ts';

const FILE = 'test/fast-check.test.ts';
const every = ({ cores }: ScriptedProgram): ScriptedInstruction[] => cores.flat();
const kindsOf = (program: ScriptedProgram): string[] => every(program).map(({ kind }) => kind);
const sample = (constraints: ScriptedProgramConstraints): ScriptedProgram[] =>
  fc.sample(scriptedProgram(constraints), { seed: 1, numRuns: 300 });

describe('scriptedProgram', () => {
  it('draws programs that pass the check and run to their end', () => {
    const cases = fc.property(
      scriptedProgram({ hintControllers: 2, markers: ['A'], maxCores: 4 }),
      (program) => {
        expect(() => checkProgram(program)).not.toThrow();
        expect(() => runProgram(program, {}, 1n)).not.toThrow();
      },
    );
    holds(cases, 300, FILE);
  });

  it('draws every kind of instruction, and stores that meet', () => {
    const programs = sample({ hintControllers: 1, markers: ['A'] });

    expect(new Set(programs.flatMap(kindsOf))).toEqual(
      new Set([
        'store',
        'ntstore',
        'locked',
        'clwb',
        'clflushopt',
        'clflush',
        'sfence',
        'mfence',
        'hint',
        'marker',
      ]),
    );
    expect(programs.some(({ cores }) => cores.length === 2)).toBe(true);
    expect(programs.some((program) => every(program).some((one) => straddles(one)))).toBe(true);
  });

  it('keeps to its constraints', () => {
    const constraints = { maxCores: 1, maxInstructions: 5, lines: 2, lineBytes: 16, base: 0x1000n };
    for (const program of sample({ ...constraints, nonTemporal: false, straddling: false, locked: false })) {
      expect(program).toMatchObject({ base: 0x1000n, sizeBytes: 32 });
      expect(program.cores).toHaveLength(1);
      expect(program.cores[0].length).toBeLessThanOrEqual(5);
      expect(
        kindsOf(program).filter((kind) => ['ntstore', 'locked', 'hint', 'marker'].includes(kind)),
      ).toEqual([]);
      expect(every(program).filter(straddles)).toEqual([]);
    }
  });

  it('shrinks to the least program that still shows something', () => {
    const details = fc.check(
      fc.property(
        scriptedProgram({ maxInstructions: 30 }),
        (program) => !kindsOf(program).includes('ntstore'),
      ),
      { seed: 3 },
    );

    const [program] = details.counterexample as [ScriptedProgram];
    expect(program.cores.filter((instructions) => instructions.length > 0)).toEqual([
      [{ kind: 'ntstore', address: 0n, data: '0000000000000000' }],
    ]);
  });

  it.each<[ScriptedProgramConstraints, string]>([
    [{ maxCores: 0 }, 'maxCores must be a whole number from 1 to 64, not 0'],
    [{ maxInstructions: -1 }, 'maxInstructions must be a whole number from 0 to 9007199254740991, not -1'],
    [{ lines: 0.5 }, 'lines must be a whole number from 1 to 4294967296, not 0.5'],
    [{ lineBytes: 12 }, 'lineBytes must be a power of two, not 12'],
    [{ base: 4n }, 'base must be a multiple of 8, not 4'],
    [{ hintControllers: Number.NaN }, 'hintControllers must be a whole number from 0 to 64, not NaN'],
  ])('refuses %o and names it', (constraints, wrong) => {
    expect(() => scriptedProgram(constraints)).toThrow(`scriptedProgram: ${wrong}`);
  });
});

describe('eventArbitrary', () => {
  it('draws events that the guard of the table lets pass, of every kind', () => {
    const guard = eventGuard(memoryEvents);
    const events = fc.sample(eventArbitrary(memoryEvents), { seed: 1, numRuns: 2000 });

    expect(events.map(guard).filter((wrong) => wrong !== undefined)).toEqual([]);
    expect(new Set(events.map(({ kind }) => kind)).size).toBe(Object.keys(memoryEvents).length);
  });

  it('keeps to its constraints', () => {
    const constraints = {
      kinds: ['store.visible'],
      maxCount: 1,
      maxAddress: 7,
      maxBytes: 2,
      withCause: false,
    } as const;
    for (const event of fc.sample(eventArbitrary(memoryEvents, constraints), { seed: 1, numRuns: 200 })) {
      expect(event.kind).toBe('store.visible');
      if (event.kind !== 'store.visible') continue;
      expect(Math.max(event.core, event.address - 6, event.data.length / 2 - 1)).toBeLessThanOrEqual(1);
      expect(event).not.toHaveProperty('cause');
    }
  });

  it('shrinks to the least event', () => {
    const marker = eventArbitrary(memoryEvents, { kinds: ['hint.written'] });
    const details = fc.check(
      fc.property(marker, (event) => event.kind !== 'hint.written' || event.controller < 10),
      { seed: 3 },
    );

    expect(details.counterexample).toEqual([{ kind: 'hint.written', core: 0, controller: 10 }]);
  });

  it('refuses bad constraints and names them', () => {
    const kinds = ['store.vanished'] as unknown as ['store.visible'];

    expect(() => eventArbitrary(memoryEvents, { kinds })).toThrow(
      /^eventArbitrary: kinds must be from .*, not "store.vanished"$/,
    );
    expect(() => eventArbitrary(memoryEvents, { kinds: [] })).toThrow(
      'eventArbitrary: kinds must name one or more, not none',
    );
    expect(() => eventArbitrary(memoryEvents, { maxBytes: -1 })).toThrow(
      'eventArbitrary: maxBytes must be a whole number',
    );
  });
});

describe('faultSchedule', () => {
  it('draws faults in ascending order, one at most at each index, all within the run', () => {
    const schedules = fc.nat(20).chain((events) =>
      faultSchedule({
        events,
        faults: ['power', 'link'],
        minFaults: 0,
        maxFaults: Math.min(4, events + 1),
      }).map((schedule) => ({
        events,
        schedule,
      })),
    );
    const cases = fc.property(schedules, ({ events, schedule }) => {
      schedule.forEach(({ index }, i) => {
        expect(index).toBeGreaterThanOrEqual(i === 0 ? 0 : schedule[i - 1].index + 1);
        expect(index).toBeLessThanOrEqual(events);
      });
    });
    holds(cases, 300, FILE);
  });

  it('is the loss of power at any index unless told otherwise', () => {
    const drawn = fc.sample(faultSchedule({ events: 3 }), { seed: 1, numRuns: 200 });

    expect(new Set(drawn.map((schedule) => JSON.stringify(schedule)))).toEqual(
      new Set([0, 1, 2, 3].map((index) => JSON.stringify([{ index, fault: { kind: 'power.lost' } }]))),
    );
  });

  it('shrinks to the earliest index that still shows something', () => {
    const details = fc.check(
      fc.property(faultSchedule({ events: 1000, maxFaults: 5 }), (faults) =>
        faults.every(({ index }) => index < 333),
      ),
      { seed: 3 },
    );

    expect(details.counterexample).toEqual([[{ index: 333, fault: { kind: 'power.lost' } }]]);
  });

  it('refuses bad constraints and names them', () => {
    expect(() => faultSchedule({ events: -1 })).toThrow(
      'faultSchedule: events must be a whole number from 0',
    );
    expect(() => faultSchedule({ events: 3, faults: [] })).toThrow(
      'faultSchedule: faults must hold one or more, not none',
    );
    expect(() => faultSchedule({ events: 3, maxFaults: 5 })).toThrow(
      'faultSchedule: maxFaults must be a whole number from 0 to 4, not 5',
    );
    expect(() => faultSchedule({ events: 3, minFaults: 2 })).toThrow(
      'faultSchedule: minFaults must be a whole number from 0 to 1, not 2',
    );
  });
});

function straddles(instruction: ScriptedInstruction): boolean {
  return 'data' in instruction && Number(instruction.address % 8n) + instruction.data.length / 2 > 8;
}
