import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../src/vitest.ts';
import { performAll, powerLoss } from '../src/explore/power-loss.ts';
import type { Checker } from '../src/explore/verdict.ts';
import type { Operation } from '../src/hardware/persistent-memory/operations.ts';
import { type Mechanism, mechanism } from '../src/mechanisms/mechanism.ts';
import { twoSlotCounter } from './support/two-slot-counter.ts';

const PAYLOAD = 256;
const check: Checker = (image) =>
  image[0] === 0 || image[PAYLOAD] === 1 || 'the flag is set and the payload is missing';

/** A payload and a flag, with the fence between them or without it. */
const program = (fenced: boolean): Operation[] => [
  { type: 'map', file: 'pool', base: 0n, sizeBytes: 4096, fileOffset: 0 },
  { type: 'store', core: 0, address: PAYLOAD, data: '01', source: 'put (a.c:1)' },
  { type: 'flush', core: 0, address: PAYLOAD, sizeBytes: 64, instruction: 'clwb' },
  ...(fenced ? [{ type: 'fence', core: 0, instruction: 'sfence' } as const] : []),
  { type: 'store', core: 0, address: 0, data: '01', source: 'put (a.c:2)' },
];

const message = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => '',
    (error: Error) => error.message,
  );

describe('toSurvive', () => {
  it('passes for a run of which every image is consistent, given as operations, as events or as a file', async () => {
    await expect(program(true)).toSurvive(powerLoss(), check);
    await expect(performAll(program(true)).events).toSurvive(powerLoss(), check);
    const log = fileURLToPath(new URL('../fixtures/pmem/list4.storelog', import.meta.url));
    await expect(log).toSurvive(powerLoss(), () => true);
  });

  it('fails with the causes in words', async () => {
    const failed = await message(expect(program(false)).toSurvive(powerLoss(), check));
    expect(failed).toMatch(/1 of 4 distinct crash images at \d+ points violate/);
    expect(failed).toContain('no fence stands between the flush and what follows');
    await expect(program(false)).not.toSurvive(powerLoss(), check);
  });

  it('fails when images were left out, and when the checker gave no answer', async () => {
    const bounded = powerLoss({ limits: { imagesPerPoint: 1 } });
    expect(await message(expect(program(true)).toSurvive(bounded, () => true))).toContain(
      'not all that there are',
    );
    const broken: Checker = () => {
      throw new Error('boom');
    };
    expect(await message(expect(program(true)).toSurvive(powerLoss(), broken))).toContain(
      'could not be judged',
    );
  });

  it('keeps the promise of a checker', async () => {
    const run: Operation[] = [...program(false), { type: 'marker', core: 0, name: 'PUT.END' }];
    const promised: Checker = (image, { promise }) =>
      promise !== 'PUT.END' || image[0] === 1 || 'a completed put is lost';
    await expect(run).toSurvive(powerLoss(), promised);
    await expect(run).not.toSurvive(powerLoss(), promised, (_, marker) => marker);
  });
});

const counter = mechanism(twoSlotCounter);
const withDefect = (name: string): Mechanism => ({
  ...counter,
  initial: (setting) => counter.initial({ ...setting, mutant: name }),
});
const failing = (attempt: () => void): string => {
  try {
    attempt();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
};

describe('toSurviveFaults', () => {
  it('passes for a mechanism of which no fault breaks an invariant', () => {
    expect(counter).toSurviveFaults();
    expect(counter).toSurviveFaults({ faultsMax: 1 });
  });

  it('fails with the scenario, the faults and the invariant of a run that breaks one', () => {
    const message = failing(() => expect(withDefect('b')).toSurviveFaults());

    expect(message).toMatch(/^two-slots: \d+ violations by \d+ faults at 6 events of 1 scenarios:\n/);
    expect(message).toContain(
      '- count-to-two, event 3, by F1 at event 1: I1 (the selected slot holds the last value, whole): the slot holds 1 and 0, not 0',
    );
    expect(withDefect('b')).not.toSurviveFaults();
    expect(withDefect('b')).toSurviveFaults({ faultsMax: 0 });
  });

  it('says what survived where it should not have, and refuses a mechanism without scenarios', () => {
    expect(failing(() => expect(counter).not.toSurviveFaults())).toMatch(
      /^two-slots survives: \d+ faults at 6/,
    );
    expect(failing(() => expect({ ...counter, scenarios: [] }).toSurviveFaults())).toBe(
      'two-slots has no scenario',
    );
  });
});

describe('toCatchItsMutants', () => {
  it('passes when each is caught by an invariant of the mechanism', () => {
    expect(counter).toCatchItsMutants();
  });

  it('fails with the mutants that are not, and says what noticed them', () => {
    const unable = { ...counter, mutants: [...counter.mutants, { name: 'c', meaning: 'changes nothing' }] };

    expect(failing(() => expect(unable).toCatchItsMutants())).toBe(
      'two-slots: 1 of 3 mutants are not caught:\n- c (changes nothing)',
    );
    expect(failing(() => expect(counter).toCatchItsMutants({ faultsMax: 0 }))).toContain(
      '- b (recovery takes the slot that looks newer)',
    );
    const endless: Mechanism = {
      ...counter,
      mutants: [{ name: 'd', meaning: 'selects without end' }],
      invariants: [],
      initial: (setting) => counter.initial({ ...setting, mutant: undefined }),
      decide: () => ({ kind: 'slot.chosen' }),
    };
    expect(failing(() => expect(endless).toCatchItsMutants())).toContain(
      '- d (selects without end); only legality notices: ',
    );
  });

  it('says what caught them where nothing should have, and refuses a mechanism without mutants', () => {
    expect(failing(() => expect(counter).not.toCatchItsMutants())).toBe(
      'two-slots catches its mutants: a by I1, b by I1',
    );
    expect(failing(() => expect({ ...counter, mutants: [] }).toCatchItsMutants())).toBe(
      'two-slots has no mutant',
    );
  });
});
