import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../src/vitest.ts';
import { performAll, powerLoss } from '../src/explore/power-loss.ts';
import type { Checker } from '../src/explore/verdict.ts';
import type { Operation } from '../src/hardware/persistent-memory/operations.ts';

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
