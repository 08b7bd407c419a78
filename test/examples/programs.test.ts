import { describe, expect, it } from 'vitest';
import { defaultLimits, wholeShard } from '../../src/explore/limits.ts';
import { Recovery } from '../../src/explore/program-campaign/recovery.ts';
import {
  RecoveryJudge,
  type RecoveryJudgeOptions,
} from '../../src/explore/program-campaign/recovery-judge.ts';
import { promisedLines, referenceOutputs } from '../../src/explore/program-campaign/reference-outputs.ts';
import { runShard } from '../../src/explore/shard-run.ts';
import { TracedProgram } from '../../src/guests/programs/traced-program.ts';
import type { Platform } from '../../src/hardware/persistent-memory/configuration.ts';
import type { Operation } from '../../src/hardware/persistent-memory/operations.ts';
import { exampleSpec, nativeCrashes, starterOf } from '../support/example-programs.ts';
import { runs } from '../support/many.ts';

const BUDGET = 10_000_000;
const OPERATIONS = 3;

interface Crashing {
  readonly platform?: Platform;
  readonly nested?: number;
  /** Whether what was reported as done has to be there, too. */
  readonly equivalent?: boolean;
}

/** Loses power at every event of a run of an example, and lets the program itself judge what is left. */
function crash(name: string, { platform = 'P1', nested = 0, equivalent = false }: Crashing = {}) {
  const operations: Operation[] = [];
  const traced = new TracedProgram(starterOf(exampleSpec(name, OPERATIONS)), {
    sourceOf: String,
    take: ({ operation }) => operations.push(operation),
  });
  traced.run(BUDGET);
  const recovery = new Recovery(starterOf(exampleSpec(name, 0)), BUDGET, String);
  const references = equivalent
    ? referenceOutputs(operations, (files) => recovery.run(files).output)
    : undefined;
  const options: RecoveryJudgeOptions = {
    budgetInstructions: BUDGET,
    nested,
    references,
  };
  let violating = 0;
  const { distinct } = runShard(
    { operations: () => operations, configuration: { platform }, limits: defaultLimits, seed: 0n },
    {
      shard: wholeShard,
      judge: new RecoveryJudge(recovery, options).judge,
      judgeWrites: false,
      ...(equivalent && { promise: promisedLines }),
      onResult: ({ kind }) => {
        expect(kind).toBe('violating');
        violating++;
      },
    },
  );
  return { operations: OPERATIONS, images: distinct, violating };
}

/** One for each kind of defect; with TEARLINE_RUNS above 1, all of them. */
const COUNTED = [
  'list',
  'list-missing-fence',
  'list-wrong-line',
  'log-stream-without-fence',
  'log-torn-header',
  'table-log-without-fence',
  'tree-only-top-flushed',
  'tree-in-place',
];

describe('a loss of power at every event', () => {
  it.each(runs(1) > 1 ? Object.keys(nativeCrashes) : COUNTED)(
    'of %s leaves the images that brute force finds',
    (name) => {
      expect(crash(name)).toEqual(nativeCrashes[name]);
    },
  );
});

const PROGRAMS = ['list', 'log', 'table', 'tree'];

describe.each(PROGRAMS)('%s as it should be', (name) => {
  it('keeps what it reported, whenever power is lost, also within recovery', () => {
    expect(crash(name, { nested: 1, equivalent: true }).violating).toBe(0);
  });

  it('keeps it where caches are flushed, too', () => {
    expect(crash(name, { platform: 'P2', equivalent: true }).violating).toBe(0);
  });
});

describe('what a program cannot see by itself', () => {
  it.each(['list-pointer-not-its-place', 'log-tail-not-flushed'])('%s loses what it reported', (name) => {
    expect(crash(name).violating).toBe(0);
    expect(crash(name, { equivalent: true }).violating).toBeGreaterThan(0);
  });

  it('table-recovery-eats-its-input is damaged by a second crash, within recovery', () => {
    expect(crash('table-recovery-eats-its-input').violating).toBe(0);
    expect(crash('table-recovery-eats-its-input', { nested: 1 }).violating).toBeGreaterThan(0);
  });
});

describe('a platform that flushes its caches', () => {
  it.each(['list-missing-flush', 'log-tail-not-flushed'])('needs no flushes: %s', (name) => {
    expect(crash(name, { platform: 'P2', equivalent: true }).violating).toBe(0);
  });

  it.each(['list-head-before-node', 'log-torn-header', 'tree-in-place'])(
    'needs the right order: %s',
    (name) => {
      expect(crash(name, { platform: 'P2' }).violating).toBeGreaterThan(0);
    },
  );

  it('needs the fence behind stores past the caches', () => {
    expect(crash('log-stream-without-fence', { platform: 'P2' }).violating).toBeGreaterThan(0);
  });
});
