import type { CowBytes } from '../../kernel/cow-bytes.ts';
import { LINE_BYTES } from './machine.ts';

/** What a line holds, as hexadecimal digits in memory order. */
export function contentsAt(memory: CowBytes, address: number): string {
  let digits = '';
  for (let at = address; at < address + LINE_BYTES; at += 4) digits += digitsOf(memory.word(at));
  return digits;
}

/** A little-endian word as hexadecimal digits in memory order. */
function digitsOf(word: number): string {
  if (word === 0) return '00000000';
  const bigEndian = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  return (bigEndian >>> 0).toString(16).padStart(8, '0');
}

/** The bytes of hexadecimal digits. */
export const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
