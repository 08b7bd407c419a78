import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll } from 'vitest';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import {
  type JsonRecord,
  persistentMemory,
  RecordingWriter,
  recordingHeader,
} from '../../src/recordings/recordings.ts';

/** A folder for the files of one test file. */
export function temporaryFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'tearline-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name) => join(folder, name);
}

export const header = recordingHeader(persistentMemory, {
  scenario: 'stores',
  configuration: { platform: 'P1', cores: 2 },
  seed: 0xfedcba9876543210n,
  policy: { drain: 'late' },
  mutants: ['S12.M3'],
  inputs: [{ name: 'pool.img', sha256: 'ab'.repeat(32) }],
});

/** A run of so many events: a file, and stores to it. */
export function storeEvents(count: number): MemoryEvent[] {
  const stores = Array.from({ length: count - 1 }, (_, i): MemoryEvent => {
    const data = (i + 1).toString(16).padStart(16, '0');
    return {
      kind: 'store.visible',
      core: i % 2,
      address: (i % 512) * 8,
      data,
      ...(i % 3 === 0 && { source: 'f (ä.c:1)' }),
    };
  });
  return [
    { kind: 'file.mapped', file: '/pool', base: 0xffff_ffff_fff0_0000n, sizeBytes: 4096, fileOffset: 0 },
    ...stores,
  ];
}

export const VERDICT = { kind: 'checker', reason: 'a node is torn' };

/** Writes such a run to a file. */
export async function record(path: string, count: number, verdict?: JsonRecord): Promise<void> {
  const writer = await RecordingWriter.open(path, persistentMemory, header);
  await writer.write({ firstIndex: 0, events: storeEvents(count) });
  await writer.end(verdict);
}

/** The lines of a file; the last one is complete, too. */
export const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

/** The bytes of lines, with all checksums made right: what a changed recording would be if the change were meant. */
export function sealed(lines: readonly string[]): Buffer {
  let checksum = 0;
  const sealedLines = lines.map((line) => {
    const digits = (checksum >>> 0).toString(16).padStart(8, '0');
    const one = `${/^\{"(check|end)":/.test(line) ? line.replace(/"checksum":"\w*"/, `"checksum":"${digits}"`) : line}\n`;
    checksum = crc32(one, checksum);
    return one;
  });
  return Buffer.from(sealedLines.join(''));
}
