import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prepared } from '../../scripts/prepared-wasm.mjs';
import { holds } from '../support/many.ts';

const FILE = 'test/scripts/prepared-wasm.test.ts';
const PAGE_BYTES = 65536;

/** (module (memory (export "memory") 1) (func (export "one") (result i32) i32.const 1) (data (i32.const 8) "\2a")) */
const MODULE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x01],
  ...[0x07, 0x10, 0x02, 0x06, ...Buffer.from('memory'), 0x02, 0x00, 0x03, ...Buffer.from('one'), 0x00, 0x00],
  ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, 0x01, 0x0b],
  ...[0x0b, 0x07, 0x01, 0x00, 0x41, 0x08, 0x0b, 0x01, 0x2a],
]);

const instance = (bytes: Uint8Array): WebAssembly.Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports;

it('has the memory that it is given, whatever that holds, and the exports that are asked for', () => {
  const run = fc.tuple(
    fc.integer({ min: 0, max: 2 * PAGE_BYTES - 200 }),
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
  );
  holds(
    fc.property(fc.array(run, { maxLength: 20 }), fc.integer({ min: 1, max: 2 }), (runs, pages) => {
      const memory = new Uint8Array(pages * PAGE_BYTES);
      for (const [at, bytes] of runs) if (at + bytes.length <= memory.length) memory.set(bytes, at);

      const made = instance(prepared(MODULE, new Set(['memory']), memory));

      expect(Object.keys(made)).toEqual(['memory']);
      const { buffer } = made['memory'] as WebAssembly.Memory;
      expect(Buffer.compare(new Uint8Array(buffer), memory)).toBe(0);
    }),
    200,
    FILE,
  );
});

it('does what it did', () => {
  const made = instance(prepared(MODULE, new Set(['one', 'none']), new Uint8Array(PAGE_BYTES)));

  expect(Object.keys(made)).toEqual(['one']);
  expect((made['one'] as () => number)()).toBe(1);
});

it('takes a module as large as that of the decoder', () => {
  const file = createRequire(import.meta.url).resolve('iced-x86/iced_x86_bg.wasm');

  expect(
    WebAssembly.validate(
      Uint8Array.from(
        prepared(readFileSync(file), new Set(['memory']), new Uint8Array(20 * PAGE_BYTES).fill(1)),
      ),
    ),
  ).toBe(true);
});
