import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Process } from '../../../src/guests/programs/process.ts';
import { type EngineMaker, programSpec } from '../../../src/guests/programs/program-spec.ts';
import { interpreted, translatedAtOnce } from '../../support/engines.ts';
import { x86Fixture } from '../../support/guests.ts';

const POOL = '/pool';
const INSTRUCTIONS_MAX = 300_000;

/** What a program leaves: every record of what it did, with where and when, and all of its memory. */
function trace(path: string, makeEngine: EngineMaker): unknown {
  const records = createHash('sha256');
  const { processor, end } = runOf(path, makeEngine, (line) => records.update(line));
  const { bytes, sizeBytes } = processor.memory;
  return {
    end,
    instructions: processor.instructions,
    state: processor.describe(),
    records: records.digest('hex'),
    memory: createHash('sha256').update(bytes.subarray(0, sizeBytes)).digest('hex'),
  };
}

function runOf(path: string, makeEngine: EngineMaker, tell: (line: string) => void): Process {
  const spec = programSpec({
    executable: x86Fixture(path),
    path: '/program',
    argv: ['program', POOL, '20'],
    memoryBytes: 1 << 24,
    persistentFiles: new Map([[POOL, { capacityBytes: 1 << 20 }]]),
    recorded: 'all',
  });
  const guest = new Process(spec, makeEngine, {
    operations: (records) => {
      for (let place = 0; place < records.count; place++)
        tell(Object.values(records.record(place)).join(' '));
    },
  });
  guest.run(INSTRUCTIONS_MAX);
  return guest;
}

describe('a program', () => {
  it.each([
    'guests/hello.elf',
    'guests/files.elf',
    'guests/memory.elf',
    'guests/pool.elf',
    'guests/signals.elf',
    'programs/list.elf',
    'programs/log.elf',
  ])('%s does the same, store by store, translated and interpreted', (path) => {
    expect(trace(path, translatedAtOnce)).toEqual(trace(path, interpreted));
  });
});
