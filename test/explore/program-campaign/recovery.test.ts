import { describe, expect, it } from 'vitest';
import { Recovery } from '../../../src/explore/program-campaign/recovery.ts';
import { RecoveryJudge } from '../../../src/explore/program-campaign/recovery-judge.ts';
import {
  type ReferencesOf,
  recoveryVerdict,
} from '../../../src/explore/program-campaign/recovery-verdict.ts';
import { promisedLines, referenceOutputs } from '../../../src/explore/program-campaign/reference-outputs.ts';
import type { Operation } from '../../../src/hardware/persistent-memory/operations.ts';
import { ToyProcess, type ToyProgram } from '../../support/toy-process.ts';

const BUDGET = 1000;
const POOL_BYTES = 4096;

const recoveryBy = (program: ToyProgram): Recovery =>
  new Recovery((hooks) => new ToyProcess(program, hooks), BUDGET, String);

/** A pool of which these words are not 0. */
function pool(words: Readonly<Record<number, bigint>>): Uint8Array {
  const bytes = new Uint8Array(POOL_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [offset, value] of Object.entries(words)) view.setBigUint64(Number(offset), value, true);
  return bytes;
}

const VALUE = 0; // and its copy, in another line
const COPY = 64;
const COPY_IS_VALID = 128;

/** Puts a valid copy back; `wrong` forgets first that it is valid. */
const undo =
  (isWrong: boolean): ToyProgram =>
  (core) => {
    if (core.load(COPY_IS_VALID) === 1n) {
      if (isWrong) {
        core.store(COPY_IS_VALID, 0n);
        core.persist(COPY_IS_VALID);
      }
      core.store(VALUE, core.load(COPY));
      core.persist(VALUE);
      core.store(COPY_IS_VALID, 0n);
      core.persist(COPY_IS_VALID);
    }
    core.print(`value ${core.load(VALUE)}`);
    return core.load(VALUE) === 7n ? 0 : 1;
  };

describe('a recovery', () => {
  it('begins each time as it began the first time', () => {
    const recovery = recoveryBy((core) => {
      core.print(`was ${core.load(8)}`);
      core.store(8, core.load(8) + 1n);
      return 0;
    });
    for (const value of [1n, 5n, 1n]) {
      const recovered = recovery.run({ '/pool': pool({ 8: value }) });
      expect(recovered.output).toBe(`was ${value}\n`);
      expect(Buffer.from(recovered.contents('/pool') ?? []).equals(pool({ 8: value + 1n }))).toBe(true);
    }
    expect(recovery.run({}).output).toBe('was 0\n');
  });

  it('is told what it does from the crash on, beginning with what the crash left', () => {
    const traced: Operation[] = [];
    recoveryBy(undo(false)).run({ '/pool': pool({ [COPY]: 7n, [COPY_IS_VALID]: 1n }) }, (one) =>
      traced.push(one),
    );
    expect(traced.map(({ type }) => type)).toEqual([
      ...['map', 'load'],
      ...['store', 'flush', 'fence'],
      ...['store', 'flush', 'fence'],
      'marker',
    ]);
  });

  it.each([
    [
      'does not end',
      (core) => {
        for (;;) core.fence();
      },
      /did not end within 1,000 instructions/,
    ],
    [
      'fails',
      (core) => {
        core.print('bad');
        return 3;
      },
      /ended with exit status 3: bad/,
    ],
    [
      'says something else',
      (core) => {
        core.print('nothing');
        return 0;
      },
      /does not match .*"nothing\\n"/,
    ],
  ] satisfies [string, ToyProgram, RegExp][])('that %s is a violation', (_, program, reason) => {
    const recovered = recoveryBy(program).run({ '/pool': pool({}) });
    const verdict = recoveryVerdict(recovered, BUDGET, /all/, undefined);
    expect(verdict.kind).toBe('violating');
    expect(verdict.reason).toMatch(reason);
  });
});

describe('a recovery that a signal kills', () => {
  const killed = {
    end: { why: 'killed', signal: 6, signalName: 'SIGABRT', reason: undefined },
    killedAt: '0x4015a9: check (a.c:18)',
    output: 'of the run\n',
    errors: 'thrown\n  what():  record 0\n',
    contents: () => undefined,
    strayFlushes: [],
  } as const;

  it('is told with its place, and what it wrote last to standard error', () => {
    expect(recoveryVerdict(killed, BUDGET, undefined, undefined).reason).toBe(
      'recovery was killed by SIGABRT, in check (a.c:18): what():  record 0',
    );
    const silent = { ...killed, errors: '' };
    expect(recoveryVerdict(silent, BUDGET, undefined, undefined).reason).toBe(
      'recovery was killed by SIGABRT, in check (a.c:18)',
    );
    const long = { ...killed, errors: 'x'.repeat(10_000) };
    expect(recoveryVerdict(long, BUDGET, undefined, undefined).reason?.length).toBeLessThan(200);
  });
});

describe('crashes within a recovery', () => {
  const image = pool({ [VALUE]: 3n, [COPY]: 7n, [COPY_IS_VALID]: 1n });
  const context = { files: { '/pool': image }, promise: undefined, platform: 'P1' } as const;
  const judged = (isWrong: boolean, nested: number) =>
    new RecoveryJudge(recoveryBy(undo(isWrong)), {
      budgetInstructions: BUDGET,
      nested,
    }).judge(image, context);

  it('find one that is right only when it is not interrupted', () => {
    expect(judged(true, 0).kind).toBe('consistent');
    expect(judged(true, 1)).toEqual({
      kind: 'violating',
      reason: 'after a second crash, within recovery: recovery ended with exit status 1: value 3',
    });
  });

  it('find nothing wrong with one that can be repeated, however often it is crashed', () => {
    expect([0, 1, 2, 3].map((nested) => judged(false, nested).kind)).toEqual(
      Array.from({ length: 4 }, () => 'consistent'),
    );
  });

  it('are explained by what the recovery does, where a violation shows only then', () => {
    const judge = (isWrong: boolean) =>
      new RecoveryJudge(recoveryBy(undo(isWrong)), { budgetInstructions: BUDGET, nested: 2 }).nestedCrashes;
    const nested = judge(true).explain(image, context);
    expect(nested?.explanation.defect).toBe('wrong order');
    expect(nested?.cause.early.map(({ address }) => address)).toEqual([COPY_IS_VALID]);
    expect(nested?.cause.missing.map(({ address }) => address)).toEqual([VALUE]);
    const lost = pool({ [VALUE]: 3n });
    expect(judge(true).explain(lost, { ...context, files: { '/pool': lost } })).toBeUndefined();
    expect(judge(false).explain(image, context)).toBeUndefined();
  });

  it('are given up when nobody wants to know any more', () => {
    let asked = 0;
    let recoveries = 0;
    const counted: ToyProgram = (core) => {
      recoveries++;
      return undo(false)(core);
    };
    const judge = new RecoveryJudge(recoveryBy(counted), {
      budgetInstructions: BUDGET,
      nested: 1,
      shouldStop: () => ++asked > 1,
    });
    judge.judge(image, context);
    expect(recoveries).toBeLessThan(3);
  });

  it('leave one undecided of which a crash can leave more images than are tried', () => {
    const scattering: ToyProgram = (core) => {
      for (let line = 0; line < 20; line++) core.store(64 * line, 1n); // 2 ^ 20 images, and all are well
      return 0;
    };
    const judge = new RecoveryJudge(recoveryBy(scattering), { budgetInstructions: BUDGET, nested: 1 });
    expect(judge.judge(image, context)).toEqual({
      kind: 'hang',
      reason: 'a crash within its recovery can leave more images than can be tried',
    });
  });
});

describe('a recovery that is equivalent to a run without a crash', () => {
  const operations: Operation[] = [
    { type: 'map', file: '/pool', base: 0n, sizeBytes: POOL_BYTES, fileOffset: 0 },
    ...[1, 2].flatMap((value): Operation[] => [
      { type: 'store', core: 0, address: 0, data: `0${value}` },
      { type: 'marker', core: 0, name: `done ${value}` },
    ]),
  ];
  const recovery = recoveryBy((core) => {
    core.print(`value ${core.load(0)}`);
    return 0;
  });
  const references = referenceOutputs(operations, (files) => recovery.run(files).output);

  it('is shown to a checker with what it left, not with what another one left that it was compared with', () => {
    const image = pool({ 0: 2n });
    const seen: unknown[] = [];
    const more: Operation[] = [...operations, { type: 'store', core: 0, address: 0, data: '09' }];
    const referencesWhenAsked: ReferencesOf = (promise) =>
      referenceOutputs(more, (files) => recovery.run(files).output)(promise);
    const judge = new RecoveryJudge(recovery, {
      budgetInstructions: BUDGET,
      nested: 0,
      references: referencesWhenAsked,
      check: (_, context) => {
        seen.push(context.recovery.contents('/pool'));
        return true;
      },
    });
    expect(judge.judge(image, { files: { '/pool': image }, promise: 1, platform: 'P1' }).kind).toBe(
      'consistent',
    );
    expect(seen).toEqual([image]);
  });

  it('says what was promised, or that with the interrupted operation done', () => {
    expect(references(undefined)).toEqual(['value 0\n', 'value 1\n']);
    expect(references(promisedLines(undefined))).toEqual(['value 1\n', 'value 2\n']);
    expect(references(2)).toEqual(['value 2\n', 'value 2\n']);
  });

  it('and nothing else', () => {
    const verdict = (value: bigint, promise: unknown) =>
      recoveryVerdict(recovery.run({ '/pool': pool({ 0: value }) }), BUDGET, undefined, references(promise));
    expect(verdict(1n, 1).kind).toBe('consistent');
    expect(verdict(0n, 1)).toEqual({
      kind: 'violating',
      reason:
        'the output of recovery is that of no run without a crash: line 1 is "value 0" and should be "value 1"',
    });
  });
});
