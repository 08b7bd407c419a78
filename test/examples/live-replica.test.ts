import { expect, it } from 'vitest';
import { failover } from '../../examples/live-replica/failover.mjs';
import { mapLog, readLog, transaction } from '../../examples/live-replica/log.mjs';
import {
  type Checker,
  type MemoryEvent,
  memoryModel,
  type Operation,
  powerLoss,
  survivePowerLoss,
} from '../../src/index.ts';
import { Draws } from '../../src/kernel/draw.ts';
import { CHECK_EVENTS, persistentMemory, replayRecording } from '../../src/recordings/recordings.ts';
import { temporaryFolder } from '../support/recordings.ts';

const KILLS = 50;
const AT_ONCE = 4;
const TRANSACTIONS_MAX = 60;

const at = temporaryFolder();

it('a killed primary leaves a replica in the state of a prefix, with every transaction that a client was told of', {
  timeout: 120_000,
}, async () => {
  let begun = 0;
  let withinTransaction = 0;
  let checked = 0;
  const killOnesAfterOthers = async (): Promise<void> => {
    while (begun < KILLS) {
      const kill = begun++;
      const path = at(`${kill}.ndjson`);
      const { told, replica } = await failover(path, new Draws(1n, 'kill', kill).below(TRANSACTIONS_MAX));
      const { index, verified, digest, found, after } = replica;
      const kinds: MemoryEvent['kind'][] = [];
      const prefix = await replayRecording(path, persistentMemory, {
        to: index,
        onBatch: ({ events }) => kinds.push(...events.map(({ kind }) => kind)),
      });
      const markers = kinds.filter((kind) => kind === 'marker.passed').length;
      const where = `kill ${kill}, event ${index}`;

      expect(digest, where).toBe(memoryModel.digest(prefix.state).hex());
      expect(verified, where).toBe(Math.floor(index / CHECK_EVENTS) * CHECK_EVENTS);
      expect(found.half, where).toEqual([]);
      expect(found.committed, where).toBeGreaterThanOrEqual(told);
      // A commit is durable a few events before its marker.
      expect([markers, markers + 1], where).toContain(found.committed);
      expect(after, where).toEqual({ committed: found.committed + 3, half: [] });
      if (kinds.at(-1) !== 'marker.passed') withinTransaction++;
      if (verified > 0) checked++;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: AT_ONCE }, killOnesAfterOthers));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;

  expect(withinTransaction).toBeGreaterThan(0);
  expect(checked).toBeGreaterThan(0);
});

it('the log that it replicates survives every loss of power, and would not without the fence behind a payload', () => {
  const logged = (one: (number: number) => Operation[]): Operation[] => [
    mapLog,
    ...Array.from({ length: 20 }, (_, i) => one(i + 1)).flat(),
  ];
  const isWhole: Checker = (image) => readLog(image).half.length === 0 || 'a committed transaction is half';
  const unfenced = logged((number) => transaction(number).toSpliced(2, 1));

  expect(survivePowerLoss(logged(transaction), powerLoss(), isWhole).outcome).toBe('clean');
  expect(survivePowerLoss(unfenced, powerLoss(), isWhole).outcome).toBe('violating');
});
