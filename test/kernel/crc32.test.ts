import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../src/kernel/crc32.ts';

it('is the CRC-32 of zlib', () => {
  expect(crc32('313233343536373839')).toBe(0xcbf43926); // the check value: the digits 1 to 9
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(crc32(Buffer.from(bytes).toString('hex'))).toBe(zlibCrc32(bytes));
    }),
  );
});
