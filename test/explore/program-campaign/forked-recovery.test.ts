import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recovery } from '../../../src/explore/program-campaign/recovery.ts';
import type { GuestProcess, ProcessHooks } from '../../../src/guests/programs/guest-process.ts';
import { type ProgramSpec, programSpec } from '../../../src/guests/programs/program-spec.ts';
import { memoryDigest, startGuest, x86Fixture } from '../../support/guests.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/explore/program-campaign/forked-recovery.test.ts';
const POOL = '/pool';
const CAPACITY_BYTES = 1 << 16;
const BUDGET = 1_000_000;

const specOf = (path: string, contents?: Uint8Array): ProgramSpec =>
  programSpec({
    executable: x86Fixture(path),
    path: '/program',
    argv: ['program', POOL, '2'],
    memoryBytes: 1 << 24,
    persistentFiles: new Map([[POOL, { capacityBytes: CAPACITY_BYTES, ...(contents && { contents }) }]]),
  });

/** All that is left of a process, and what it had been told. */
function leftBy(process: GuestProcess): unknown {
  const { processor } = process;
  return {
    end: process.end,
    registers: processor.describe(),
    instructions: processor.instructions,
    systemCalls: process.systemCalls,
    paths: process.filePaths(),
    poolBytes: process.contents(POOL)?.length,
    memory: memoryDigest(process), // that of the pool is a part of it
  };
}

/** What a crash may have left: the pool of a run, with bytes changed, cut, or none. */
const damages = fc.option(
  fc.record({
    changes: fc.array(fc.tuple(fc.nat(4095), fc.nat(255)), { maxLength: 8 }),
    sizeBytes: fc.constantFrom(0, 8, 4096, CAPACITY_BYTES),
  }),
  { nil: undefined },
);

function damaged(whole: Uint8Array, damage: { changes: [number, number][]; sizeBytes: number }): Uint8Array {
  const bytes = new Uint8Array(damage.sizeBytes);
  bytes.set(whole.subarray(0, damage.sizeBytes));
  for (const [at, byte] of damage.changes) if (at < bytes.length) bytes[at] = byte;
  return bytes;
}

describe('a recovery that goes on from its first look at the NVDIMM', () => {
  it.each([
    'programs/table.elf',
    'programs/tree.elf',
    'programs/log.elf',
    'guests/pool.elf',
    'guests/persistent-names.elf',
    'guests/journal.elf',
  ])('%s does what one does that begins anew, image after image', (path) => {
    const first = startGuest(specOf(path));
    first.run(BUDGET);
    const whole = first.contents(POOL) ?? new Uint8Array(0);
    // Where there was no file before the run, and where there was one.
    const forked = [undefined, whole].map((contents) => {
      const processes: GuestProcess[] = [];
      const start = (hooks: ProcessHooks): GuestProcess => {
        processes.push(startGuest(specOf(path, contents), hooks));
        return processes[0];
      };
      return { recovery: new Recovery(start, BUDGET, String), process: processes[0] };
    });
    holds(
      fc.property(damages, fc.constantFrom(...forked), (damage, { recovery, process }) => {
        const image = damage && damaged(whole, damage);
        const fresh = startGuest(specOf(path, image));
        fresh.run(BUDGET);
        recovery.run(image === undefined ? {} : { [POOL]: image });
        expect(leftBy(process)).toEqual(leftBy(fresh));
      }),
      15,
      FILE,
    );
  });
});
