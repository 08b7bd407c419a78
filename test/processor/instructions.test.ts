import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences } from '../../bench/fuzz/instructions/compare.mjs';
import { caseOfLine } from '../../bench/fuzz/instructions/fixture.mjs';
import { makeGuest } from '../../bench/fuzz/instructions/guest.mjs';
import { decodeBytes } from '../../src/processor/decode/decoder.ts';
import type { Engine } from '../../src/processor/engine.ts';
import { Interpreter } from '../../src/processor/interpreter/interpreter.ts';
import * as layout from '../../src/processor/layout.ts';
import { CodeCache } from '../../src/processor/lifter.ts';
import * as memory from '../../src/processor/memory.ts';
import * as processor from '../../src/processor/processor.ts';
import { GENERAL_REGISTERS } from '../../src/processor/registers.ts';
import { Translator } from '../../src/processor/translator/translator.ts';
import { REQUIRED } from './lift/required-mnemonics.ts';

// All of it, on the processor of this machine, is `node bench/fuzz-instructions.mjs`.

const FIXTURE = join(import.meta.dirname, '../../fixtures/x86/instructions.txt');

const engines: readonly [string, (processor: processor.Processor) => Engine][] = [
  ['the interpreter', ({ memory }) => new Interpreter(new CodeCache(memory).lift)],
  ['translated code', (guest) => new Translator(new CodeCache(guest.memory), guest, { executionsMin: 1 })],
];

describe('every instruction does what a processor does', () => {
  const lines = readFileSync(FIXTURE, 'utf8').trimEnd().split('\n');

  it.each(engines)('in %s', (_, makeEngine) => {
    const guest = makeGuest({ processor, layout, memory }, makeEngine);

    const different = lines.flatMap((line) => {
      const { tried, answer } = caseOfLine(line);
      const found = differences(tried, answer, guest.answer(tried.request), GENERAL_REGISTERS);
      return found.length === 0 ? [] : [{ line, found }];
    });

    expect(different).toEqual([]);
  });

  it('is tried with every mnemonic that programs need, but for those that a comparison cannot judge', () => {
    const tried = new Set(
      lines.map((line) => decodeBytes(Buffer.from(line.split(' ')[1], 'hex'), 0).mnemonic),
    );

    const missing = REQUIRED.filter((mnemonic) => !tried.has(mnemonic));

    expect(missing).toEqual(['cpuid', 'fnstenv', 'rdtsc', 'syscall', 'tzcnt']);
  });
});
