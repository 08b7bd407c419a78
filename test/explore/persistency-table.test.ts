import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CrashExplorer } from '../../src/explore/crash-explorer.ts';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import { importStoreLog } from '../../src/guests/store-log/store-log.ts';
import type { Platform } from '../../src/hardware/persistent-memory/configuration.ts';
import { type Operation, perform } from '../../src/hardware/persistent-memory/operations.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';

/** Three independent enumerators agree on these counts of the store logs under fixtures/pmem. */
const table = [
  { log: 'list4', crashPoints: 64, combinations: '222', distinct: 35, distinctOnP2: 35 },
  { log: 'list8', crashPoints: 124, combinations: '438', distinct: 71, distinctOnP2: 71 },
  { log: 'listbug8', crashPoints: 108, combinations: '590', distinct: 124, distinctOnP2: 71 },
  { log: 'log20', crashPoints: 284, combinations: '1406', distinct: 200, distinctOnP2: 200 },
  { log: 'list2500', crashPoints: 37_504, combinations: '135006', distinct: 22_499, distinctOnP2: 22_499 },
  { log: 'log3000', crashPoints: 42_004, combinations: '210006', distinct: 30_000, distinctOnP2: 30_000 },
];

const logs = new Map<string, Operation[]>();

function operationsOf(log: string): Operation[] {
  let operations = logs.get(log);
  if (operations === undefined) {
    const isSmall = !/\d{4}$/.test(log);
    const path = new URL(`../../fixtures/pmem/${log}.storelog${isSmall ? '' : '.gz'}`, import.meta.url);
    operations = importStoreLog(isSmall ? readFileSync(path) : gunzipSync(readFileSync(path))).operations;
    logs.set(log, operations);
  }
  return operations;
}

function explore(log: string, platform: Platform): CrashExplorer {
  const state = initialMemory({ platform });
  const explorer = new CrashExplorer(state, { limits: limitsOf(), seed: 1n, shard: wholeShard });
  for (const operation of operationsOf(log)) {
    for (const event of perform(state, operation)) explorer.step(event);
  }
  explorer.end();
  return explorer;
}

describe('the counts of the persistency model come out', () => {
  it.each(table)('of $log on P1', ({ log, crashPoints, combinations, distinct }) => {
    const explorer = explore(log, 'P1');

    expect(explorer.tally.crashPoints).toBe(crashPoints);
    expect(explorer.tally.combinations().combinations).toBe(combinations);
    expect(explorer.distinct).toBe(distinct);
    expect(explorer.tally.complete).toBe(true);
  });

  it.each(table)('of $log on P2, where each point has one image', ({ log, crashPoints, distinctOnP2 }) => {
    const explorer = explore(log, 'P2');

    expect(explorer.tally.crashPoints).toBe(crashPoints);
    expect(explorer.tally.combinations().combinations).toBe(String(crashPoints));
    expect(explorer.distinct).toBe(distinctOnP2);
    expect(explorer.tally.complete).toBe(true);
  });
});
