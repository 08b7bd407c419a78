/**
 * Matchers for vitest. Importing the module adds them to `expect`:
 *
 *     import 'tearline/vitest';
 *     import { powerLoss } from 'tearline';
 *
 *     await expect('run.storelog').toSurvive(powerLoss({ platform: 'P1' }), check);
 *
 *     expect(ownMechanism).toSurviveFaults();
 *     expect(ownMechanism).toCatchItsMutants();
 */
import { expect } from 'vitest';
import type { HuntOptions } from './explore/fault-campaign/mutant-hunt.ts';
import { type PowerLoss, type PowerLossResult, survivePowerLoss } from './explore/power-loss.ts';
import type { Checker, PromiseFold } from './explore/verdict.ts';
import type { MemoryEvent } from './hardware/persistent-memory/events.ts';
import { type Operation, operationsOf } from './hardware/persistent-memory/operations.ts';
import type { Mechanism } from './mechanisms/mechanism.ts';
import { openLog } from './node/log-source.ts';
import { recordedMechanism } from './node/recorded-mechanism.ts';
import {
  mechanismRecording,
  persistentMemory,
  readHeader,
  replayRecording,
} from './recordings/recordings.ts';
import { catchMutants, surviveFaults } from './vitest/fault-campaign.ts';

/** A run: the path of a store log or a recording, or its operations or events. */
export type RunUnderTest = string | readonly Operation[] | readonly MemoryEvent[];

/** How many faults, one after the other. Default: 2. */
export type FaultOptions = Pick<HuntOptions, 'faultsMax'>;

interface TearlineMatchers<R> {
  /**
   * Every image that the fault can leave, at every event of the run, is consistent. Fails for violations, with their
   * causes in words, and where images were left out or could not be judged.
   */
  toSurvive(fault: PowerLoss, checker: Checker, promise?: PromiseFold): Promise<R>;
  /**
   * The recording of this path folds to the digests that it holds, from its first event to its end. Of a mechanism that does
   * not come with tearline, give it.
   */
  toReplay(mechanism?: Mechanism): Promise<R>;
  /**
   * No fault at any event of the mechanism's scenarios breaks an invariant, nor does a second one during recovery. Fails
   * with the shortest run of each invariant that breaks, and where there is no scenario.
   */
  toSurviveFaults(options?: FaultOptions): R;
  /** Each mutant of the mechanism breaks one of its invariants. Fails with those that do not, and where there is none. */
  toCatchItsMutants(options?: FaultOptions): R;
}

declare module 'vitest' {
  interface Matchers<T> extends TearlineMatchers<T> {}
}

expect.extend({
  async toSurvive(received: RunUnderTest, fault: PowerLoss, checker: Checker, promise?: PromiseFold) {
    const result = survivePowerLoss(await operationsIn(received), fault, checker, promise);
    return { pass: result.outcome === 'clean', message: () => tell(result) };
  },
  async toReplay(received: string, given?: Mechanism) {
    const mechanism = given ?? (await recordedMechanism(received, await readHeader(received)));
    const { index, cut, divergence } =
      mechanism === undefined
        ? await replayRecording(received, persistentMemory)
        : await replayRecording(received, mechanismRecording(mechanism));
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
  toSurviveFaults: (received: Mechanism, options?: FaultOptions) => surviveFaults(received, options),
  toCatchItsMutants: (received: Mechanism, options?: FaultOptions) => catchMutants(received, options),
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
