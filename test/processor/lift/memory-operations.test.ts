import { describe, expect, it } from 'vitest';
import { Interpreter } from '../../../src/processor/interpreter/interpreter.ts';
import { CodeCache } from '../../../src/processor/lifter.ts';
import { EXECUTABLE, PAGE_BYTES, PERSISTENT, READABLE, WRITABLE } from '../../../src/processor/memory.ts';
import type { OperationRecord } from '../../../src/processor/operations.ts';
import { Processor } from '../../../src/processor/processor.ts';
import { RAX, RCX, RDI, RSI } from '../../../src/processor/registers.ts';

const CODE_AT = 0x10000;
const DATA_AT = 0x12000;
const INT3 = 0xcc;

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** A processor at some code, with one page of persistent memory, to which rdi points. */
function prepared(code: string): { readonly processor: Processor; readonly records: OperationRecord[] } {
  const records: OperationRecord[] = [];
  const processor = new Processor(0x20000, 'persistent', (operations) => {
    for (let place = 0; place < operations.count; place++) records.push(operations.record(place));
  });
  processor.memory.map(CODE_AT, PAGE_BYTES, READABLE | EXECUTABLE);
  processor.memory.map(DATA_AT, PAGE_BYTES, READABLE | WRITABLE | PERSISTENT);
  processor.memory.bytes.set([...bytesOf(code), INT3], CODE_AT);
  processor.instructionPointer = CODE_AT;
  processor.setGeneral(RDI, BigInt(DATA_AT));
  return { processor, records };
}

/** Runs up to the breakpoint behind the code, or to a fault. */
function run(processor: Processor): string {
  const stop = new Interpreter(new CodeCache(processor.memory).lift).run(processor, 1000);
  processor.operations.drain();
  return stop.why === 'trapped' ? stop.trap : stop.why;
}

const kindsOf = (code: string): string[] => {
  const { processor, records } = prepared(code);
  expect(run(processor)).toBe('breakpoint');
  return records.map(({ kind }) => kind);
};

describe('what instructions do to persistent memory', () => {
  it.each([
    ['lock add [rdi], eax', 'f0 01 07'],
    ['lock adc [rdi], eax', 'f0 11 07'],
    ['lock sub [rdi], eax', 'f0 29 07'],
    ['lock sbb [rdi], eax', 'f0 19 07'],
    ['lock and [rdi], eax', 'f0 21 07'],
    ['lock or [rdi], eax', 'f0 09 07'],
    ['lock xor [rdi], eax', 'f0 31 07'],
    ['lock inc dword [rdi]', 'f0 ff 07'],
    ['lock dec dword [rdi]', 'f0 ff 0f'],
    ['lock neg dword [rdi]', 'f0 f7 1f'],
    ['lock not dword [rdi]', 'f0 f7 17'],
    ['lock bts dword [rdi], 3', 'f0 0f ba 2f 03'],
    ['lock btr dword [rdi], 3', 'f0 0f ba 37 03'],
    ['lock btc dword [rdi], 3', 'f0 0f ba 3f 03'],
    ['lock xadd [rdi], eax', 'f0 0f c1 07'],
    ['lock cmpxchg [rdi], ecx', 'f0 0f b1 0f'],
    ['lock cmpxchg8b [rdi]', 'f0 0f c7 0f'],
    ['xchg [rdi], eax', '87 07'],
    ['lock xchg [rdi], eax', 'f0 87 07'],
  ])('%s is a fence, then a store', (_, code) => {
    expect(kindsOf(code)).toEqual(['locked', 'store']);
  });

  it.each([
    ['add [rdi], eax', '01 07', ['store']],
    ['cmp [rdi], eax', '39 07', []],
    ['bt dword [rdi], 3', '0f ba 27 03', []],
    ['cmpxchg [rdi], ecx', '0f b1 0f', ['store']],
    ['lock cmpxchg16b [rdi]', 'f0 48 0f c7 0f', ['locked', 'store', 'store, upper half']],
    ['movnti [rdi], eax', '0f c3 07', ['non-temporal store']],
    ['clwb [rdi]', '66 0f ae 37', ['clwb']],
    ['clflushopt [rdi]', '66 0f ae 3f', ['clflushopt']],
    ['clflush [rdi]', '0f ae 3f', ['clflush']],
    ['sfence', '0f ae f8', ['sfence']],
    ['mfence', '0f ae f0', ['mfence']],
    ['prefetchw [rdi]', '0f 0d 0f', []],
  ])('%s', (_, code, kinds) => {
    expect(kindsOf(code)).toEqual(kinds);
  });

  it('CMPXCHG that does not match stores what it found', () => {
    const { processor, records } = prepared('0f b1 0f'); // cmpxchg [rdi], ecx
    processor.memory.bytes[DATA_AT] = 7;
    processor.setGeneral(RCX, 9n);

    run(processor);

    expect(records).toMatchObject([{ kind: 'store', address: DATA_AT, sizeBytes: 4, data: 7n }]);
    expect(processor.general(RAX)).toBe(7n);
  });
});

describe('a repeated string instruction', () => {
  it('is an instruction for each repetition', () => {
    const { processor, records } = prepared('f3 aa'); // rep stosb
    processor.setGeneral(RCX, 5n);

    run(processor);

    expect(processor.instructions).toBe(5);
    expect(records.map(({ address, position }) => [address - DATA_AT, position])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('is one instruction where the count is 0', () => {
    const { processor } = prepared('f3 aa');

    run(processor);

    expect(processor.instructions).toBe(1);
  });

  it('can be stopped between two repetitions, and goes on', () => {
    const { processor } = prepared('f3 aa');
    const interpreter = new Interpreter(new CodeCache(processor.memory).lift);
    processor.setGeneral(RCX, 5n);

    interpreter.run(processor, 2);

    expect(processor.instructionPointer).toBe(CODE_AT);
    expect(processor.general(RCX)).toBe(3n);
    expect(run(processor)).toBe('breakpoint');
    expect(processor.general(RDI)).toBe(BigInt(DATA_AT + 5));
  });

  it('has its registers right where it faults in the middle', () => {
    const { processor } = prepared('f3 48 a5'); // rep movsq
    const end = DATA_AT + PAGE_BYTES;
    processor.setGeneral(RCX, 10n);
    processor.setGeneral(RSI, BigInt(DATA_AT));
    processor.setGeneral(RDI, BigInt(end - 3 * 8));

    expect(run(processor)).toBe('faulted');
    expect(processor.general(RCX)).toBe(7n);
    expect(processor.general(RSI)).toBe(BigInt(DATA_AT + 3 * 8));
    expect(processor.general(RDI)).toBe(BigInt(end));
    expect(processor.instructionPointer).toBe(CODE_AT);
  });

  it('goes down where the direction flag is set', () => {
    const { processor, records } = prepared('fd f3 66 ab'); // std; rep stosw
    processor.setGeneral(RCX, 3n);
    processor.setGeneral(RDI, BigInt(DATA_AT + 8));

    run(processor);

    expect(records.map(({ address }) => address - DATA_AT)).toEqual([8, 6, 4]);
  });
});
