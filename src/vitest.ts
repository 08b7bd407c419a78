/**
 * Matchers for vitest. Importing the module adds them to `expect`:
 *
 *     import 'tearline/vitest';
 *     import { powerLoss } from 'tearline';
 *
 *     await expect('run.storelog').toSurvive(powerLoss({ platform: 'P1' }), check);
 */
import { expect } from 'vitest';
import { type PowerLoss, type PowerLossResult, survivePowerLoss } from './explore/power-loss.ts';
import type { Checker, PromiseFold } from './explore/verdict.ts';
import type { MemoryEvent } from './hardware/persistent-memory/events.ts';
import { type Operation, operationsOf } from './hardware/persistent-memory/operations.ts';
import { openLog } from './node/log-source.ts';
import { persistentMemory, replayRecording } from './recordings/recordings.ts';

/** A run: the path of a store log or a recording, or its operations or events. */
export type RunUnderTest = string | readonly Operation[] | readonly MemoryEvent[];

interface TearlineMatchers<R> {
  /**
   * Every image that the fault can leave, at every event of the run, is consistent. Fails for violations, with their
   * causes in words, and where images were left out or could not be judged.
   */
  toSurvive(fault: PowerLoss, checker: Checker, promise?: PromiseFold): Promise<R>;
  /** The recording of this path folds to the digests that it holds, from its first event to its end. */
  toReplay(): Promise<R>;
}

declare module 'vitest' {
  interface Matchers<T> extends TearlineMatchers<T> {}
}

expect.extend({
  async toSurvive(received: RunUnderTest, fault: PowerLoss, checker: Checker, promise?: PromiseFold) {
    const result = survivePowerLoss(await operationsIn(received), fault, checker, promise);
    return { pass: result.outcome === 'clean', message: () => tell(result) };
  },
  async toReplay(received: string) {
    const { index, cut, divergence } = await replayRecording(received, persistentMemory);
    return {
      pass: divergence === undefined && cut === undefined,
      message: () =>
        divergence
          ? `${received} goes another way between the events ${divergence.between.join(' and ')}`
          : cut
            ? `${received} was cut short after ${index} events`
            : `${received} replays: ${index} events lead to the digests that it holds`,
    };
  },
});

async function operationsIn(run: RunUnderTest): Promise<readonly Operation[]> {
  if (typeof run === 'string') return [...(await openLog(run, [])).operations()];
  return isEvents(run) ? [...operationsOf(run)] : run;
}

const isEvents = (run: readonly Operation[] | readonly MemoryEvent[]): run is readonly MemoryEvent[] =>
  run.length > 0 && 'kind' in run[0];

function tell({ outcome, distinct, violating, undecided, tally, groups }: PowerLossResult): string {
  const images = `${distinct} distinct crash images at ${tally.crashPoints} points`;
  switch (outcome) {
    case 'clean':
      return `the run survives: ${images} are consistent`;
    case 'violating':
      return [
        `${violating} of ${images} violate:`,
        ...groups.map(
          ({ images, cause, witness }) => `- ${images} by ${cause}\n  ${witness?.explanation.text ?? ''}`,
        ),
      ].join('\n');
    case 'undecided':
      return `${undecided} of ${images} could not be judged: the checker threw or gave no answer`;
    default:
      return `${images} were visited, and not all that there are: raise the limits, or flush and fence more often`;
  }
}
