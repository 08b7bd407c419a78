import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessEnd, ProcessHooks } from '../../../src/guests/programs/guest-process.ts';
import { Process } from '../../../src/guests/programs/process.ts';
import { type EngineMaker, programSpec } from '../../../src/guests/programs/program-spec.ts';
import { RunDigest } from '../../../src/guests/programs/run-digest.ts';
import { LAYOUT } from '../../../src/processor/layout.ts';
import type { OperationRecord } from '../../../src/processor/operations.ts';
import { interpreted, translatedAtOnce } from '../../support/engines.ts';
import { memoryDigest, x86Fixture } from '../../support/guests.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/programs/stops.test.ts';
const POOL = '/pool';
const END = 1_000_000;

const start = (path: string, makeEngine: EngineMaker, hooks: ProcessHooks = {}): Process =>
  new Process(
    programSpec({
      executable: x86Fixture(path),
      path: '/program',
      argv: ['program', POOL, '2'],
      memoryBytes: 1 << 24,
      persistentFiles: new Map([[POOL, { capacityBytes: 1 << 16 }]]),
      recorded: 'all',
    }),
    makeEngine,
    hooks,
  );

/** Everything that a program can see of its processor, and all of its memory that is mapped. */
function everything(process: Process): unknown {
  const { processor } = process;
  const { bytes, ownAt, attributes } = processor.memory;
  const own = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(ownAt + from, ownAt + to)).toString('hex');
  return {
    general: processor.describe(),
    vectors: Array.from({ length: 16 }, (_, register) => processor.vector(register)),
    mxcsr: processor.mxcsr,
    segments: [processor.segmentBase('fs'), processor.segmentBase('gs')],
    x87: [own(LAYOUT.x87Control, LAYOUT.x87Tag + 2), own(LAYOUT.x87, LAYOUT.operationsCount)],
    instructions: processor.instructions,
    pages: Buffer.from(attributes.map((page) => page & 7)).toString('hex'),
    memory: memoryDigest(process),
  };
}

/** What is told of a run from the last `begin` on, as digests. */
class Watch {
  readonly hooks: ProcessHooks = {
    operations: (records) => this.digest.hooks.operations(records),
    systemCalled: (call) => this.digest.hooks.systemCalled(call),
    written: (descriptor, bytes) => this.digest.hooks.written(descriptor, bytes),
  };
  private digest = new RunDigest();

  begin(): void {
    this.digest = new RunDigest();
  }

  digests(): string[] {
    const { operations, systemCalls, output } = this.digest;
    return [operations.hex(), systemCalls.hex(), output.hex()];
  }
}

/** How things stand at two places of a run, and what comes of it. */
interface Course {
  readonly before: unknown;
  readonly behind: unknown;
  readonly end: readonly [state: unknown, digests: string[], end: ProcessEnd | undefined];
}

/** The plain interpreter, which is given one instruction at a time, before and behind the instruction at a position. */
function stepped(path: string, position: number): Course {
  const watch = new Watch();
  const process = start(path, interpreted, watch.hooks);
  const { processor } = process;
  const stepTo = (instructions: number): unknown => {
    while (process.end === undefined && processor.instructions < instructions)
      process.run(processor.instructions + 1);
    return everything(process);
  };
  const before = stepTo(position);
  watch.begin();
  const behind = stepTo(position + 1);
  return { before, behind, end: [stepTo(END), watch.digests(), process.end] };
}

/** A run that stops at both places, and goes on from the first to its end as often as is wanted. */
function stopping(path: string, makeEngine: EngineMaker, position: number): Course[] {
  const watch = new Watch();
  const process = start(path, makeEngine, watch.hooks);
  process.run(position);
  process.takeSnapshot();
  return [0, 1].map(() => {
    process.restore();
    watch.begin();
    const before = everything(process);
    process.run(position + 1);
    const behind = everything(process);
    process.run(END);
    return { before, behind, end: [everything(process), watch.digests(), process.end] };
  });
}

/** Every record of a run with where it comes from. */
function recordsOf(path: string): OperationRecord[] {
  const found: OperationRecord[] = [];
  start(path, translatedAtOnce, {
    operations: (records) => {
      for (let place = 0; place < records.count; place++) found.push(records.record(place));
    },
  }).run(END);
  return found;
}

describe('a run stops at any of its events', () => {
  it.each([
    'guests/hello.elf',
    'guests/pool.elf',
    'guests/signals.elf',
    'programs/list.elf',
    'programs/table.elf',
  ])('of %s: before it and behind it all is as after single steps; it goes on, and comes back', (path) => {
    const records = recordsOf(path);
    expect(records.length).toBeGreaterThan(200);
    holds(
      fc.property(
        fc.nat(records.length - 1),
        fc.constantFrom(translatedAtOnce, interpreted),
        (event, makeEngine) => {
          const { position } = records[event];
          const course = stepped(path, position);
          expect(stopping(path, makeEngine, position)).toEqual([course, course]);
        },
      ),
      4,
      FILE,
    );
  });
});
