import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { importStoreLog, type StoreLogOptions } from '../../src/guests/store-log/store-log.ts';
import type { Operation } from '../../src/hardware/persistent-memory/operations.ts';

export const STORE_LOGS = ['list4', 'list8', 'listbug8', 'log20', 'list2500', 'log3000'] as const;
const COMPRESSED: ReadonlySet<string> = new Set(['list2500', 'log3000']);

/** The bytes of a store log among the fixtures. */
export function storeLog(name: (typeof STORE_LOGS)[number]): Buffer {
  const path = join(import.meta.dirname, '../../fixtures/pmem', `${name}.storelog`);
  return COMPRESSED.has(name) ? gunzipSync(readFileSync(`${path}.gz`)) : readFileSync(path);
}

/** Imports records, with START and STOP around them. */
export const imported = (records: readonly string[], options?: StoreLogOptions) =>
  importStoreLog(Buffer.from(['==1== START', ...records, 'STOP\n'].join('|')), options);

/** The operations of records after a file of 64 KiB was registered at 0x10000. */
export const operationsOfRecords = (...records: string[]): Operation[] =>
  imported(['REGISTER_FILE;/pool;0x10000;0x10000;0x0', ...records]).operations.slice(1);

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

const frame = fc.constantFrom(
  '0x109881: main (program.c:90)',
  '0x4848: ??? (in /usr/lib/libx.so)',
  '0x12: a::operator|(a const&, a) (a.cc:4)',
  '0x13: operator|| (b.cc:5)',
  '0x1: façade (ü.c:1)',
);

/** A virtual address in or around the places where `mapping` maps. */
const virtual = fc
  .tuple(
    fc.constantFrom(0x10000n, 0x11000n, 0x7fff0000f000n, 0xfffffffffffe0000n),
    fc.integer({ min: -16, max: 0x3010 }),
  )
  .map(([base, offset]) => BigInt.asUintN(64, base + BigInt(offset)));

const mapping = fc
  .record({
    file: fc.constantFrom('/dev/shm/a', '/dev/shm/b;c', '/é'),
    base: fc.constantFrom(0x10000n, 0x11000n, 0x12000n, 0x7fff0000f000n, 0xfffffffffffe0000n),
    size: fc.constantFrom(64, 100, 0x1000, 0x2000),
    offset: fc.constantFrom(0, 0x1000, 0x4000),
  })
  .map(({ file, base, size, offset }) => `REGISTER_FILE;${file};${hex(base)};${hex(size)};${hex(offset)}`);

const store = fc
  .tuple(
    virtual,
    fc.constantFrom(1, 2, 4, 8),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.array(frame, { maxLength: 2 }),
  )
  .map(([address, size, value, frames]) =>
    ['STORE', hex(address), hex(BigInt.asUintN(8 * size, value)), hex(size), ...frames].join(';'),
  );

const range = fc
  .tuple(fc.constantFrom('FLUSH', 'DEEP_SYNC'), virtual, fc.constantFrom(0, 1, 8, 64, 128, 0x1000, 0x3000))
  .map(([name, address, size]) => `${name};${hex(address)};${hex(size)}`);

/** Records of a log in which much lies at the edges of what is mapped, and some beyond. */
export const someRecords = fc
  .tuple(
    mapping,
    fc.array(
      fc.oneof(
        { weight: 1, arbitrary: mapping },
        { weight: 6, arbitrary: store },
        { weight: 3, arbitrary: range },
        { weight: 2, arbitrary: fc.constantFrom('FENCE', 'PUSH.BEGIN', 'PUSH.END', 'CHECKPOINT', 'a b.END') },
      ),
      { maxLength: 30 },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);
