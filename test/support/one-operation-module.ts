import type { Type } from '../../src/processor/lifted/form.ts';
import { type NumericOperation, signatureOf } from '../../src/processor/lifted/numeric.ts';

const LOAD: Readonly<Record<Type, readonly number[]>> = {
  i32: [0x28, 2],
  i64: [0x29, 3],
  v128: [0xfd, 0, 4],
};
const STORE: Readonly<Record<Type, readonly number[]>> = {
  i32: [0x36, 2],
  i64: [0x37, 3],
  v128: [0xfd, 11, 4],
};

const leb = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];

const section = (id: number, ...contents: readonly number[]): number[] => [
  id,
  ...leb(contents.length),
  ...contents,
];

const constant = (address: number): number[] => [0x41, ...leb(address)];
const text = (word: string): number[] => [word.length, ...Buffer.from(word)];

/** Where operands and the result lie in the module's memory: 16 bytes each. */
const RESULT_AT = 48;

/**
 * The WebAssembly engine's own answer to one operation of the lifted form, by its opcode in the table. Operands and result
 * go through memory as bits, since JavaScript has no vectors.
 */
export function engineOf(
  operation: NumericOperation,
): (operands: readonly bigint[], immediate?: number | readonly number[]) => bigint {
  const instances = new Map<string, WebAssembly.Instance>();
  return (operands, immediate) => {
    const key = String(immediate);
    let instance = instances.get(key);
    if (instance === undefined) {
      instance = new WebAssembly.Instance(moduleOf(operation, immediate));
      instances.set(key, instance);
    }
    const { memory, run } = instance.exports as { memory: WebAssembly.Memory; run: () => void };
    const words = new DataView(memory.buffer);
    for (const [place, bits] of operands.entries()) {
      words.setBigUint64(16 * place, BigInt.asUintN(64, bits), true);
      words.setBigUint64(16 * place + 8, bits >> 64n, true);
    }
    run();
    return words.getBigUint64(RESULT_AT, true) | (words.getBigUint64(RESULT_AT + 8, true) << 64n);
  };
}

function moduleOf(
  operation: NumericOperation,
  immediate: number | readonly number[] | undefined,
): WebAssembly.Module {
  const { operands, result, opcode } = signatureOf(operation);
  const [prefix, ...subcode] = opcode;
  const code = [
    0, // no locals
    ...constant(RESULT_AT),
    ...operands.flatMap((type, place) => [...constant(16 * place), ...LOAD[type], 0]),
    prefix,
    ...subcode.flatMap(leb),
    ...(immediate === undefined ? [] : [immediate].flat()),
    ...STORE[result],
    0,
    0x0b,
  ];
  return new WebAssembly.Module(
    Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, 1, 0x60, 0, 0),
      ...section(3, 1, 0),
      ...section(5, 1, 0, 1),
      ...section(7, 2, ...text('memory'), 2, 0, ...text('run'), 0, 0),
      ...section(10, 1, ...leb(code.length), ...code),
    ),
  );
}
