import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GuestProcess, ProcessEnd, ProcessHooks } from '../../src/guests/programs/guest-process.ts';
import { Process } from '../../src/guests/programs/process.ts';
import { type ProgramSpec, programSpec } from '../../src/guests/programs/program-spec.ts';
import { CodeCache } from '../../src/processor/lifter.ts';
import { MAPPED, PAGE_BYTES } from '../../src/processor/memory.ts';
import { Translator } from '../../src/processor/translator/translator.ts';

/** Bytes of a file under fixtures/x86. */
export const x86Fixture = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../fixtures/x86/${path}`, import.meta.url))));

/** A program of fixtures/x86/guests. */
export const guestSpec = (
  name: string,
  args: readonly string[] = [],
  more: Partial<ProgramSpec> = {},
): ProgramSpec =>
  programSpec({
    executable: x86Fixture(`guests/${name}.elf`),
    path: `/bin/${name}`,
    argv: [name, ...args],
    memoryBytes: 32 * 1024 * 1024,
    ...more,
  });

export const startGuest = (spec: ProgramSpec, hooks: ProcessHooks = {}): Process =>
  new Process(spec, (processor) => new Translator(new CodeCache(processor.memory), processor), hooks);

export interface RanGuest {
  readonly process: Process;
  readonly end: ProcessEnd | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, or so many instructions. */
export function runGuest(spec: ProgramSpec, instructionsMax = 20_000_000): RanGuest {
  const texts: Record<1 | 2, string> = { 1: '', 2: '' };
  const process = startGuest(spec, {
    written: (descriptor, bytes) => {
      texts[descriptor] += new TextDecoder('latin1').decode(bytes);
    },
  });
  process.run(instructionsMax);
  return { process, end: process.end, stdout: texts[1], stderr: texts[2] };
}

/** Of all memory that is mapped. */
export function memoryDigest({ processor: { memory } }: GuestProcess): string {
  const digest = createHash('sha256');
  for (const [page, attribute] of memory.attributes.entries()) {
    if ((attribute & MAPPED) === 0) continue;
    digest.update(memory.bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
  }
  return digest.digest('hex');
}
