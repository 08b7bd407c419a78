import type { CowBytes } from '../../kernel/cow-bytes.ts';
import { LINE_BYTES } from './machine.ts';

/** What a line holds, as hexadecimal digits in memory order. */
export function contentsAt(memory: CowBytes, address: number): string {
  let digits = '';
  for (const byte of memory.read(address, LINE_BYTES)) digits += byte.toString(16).padStart(2, '0');
  return digits;
}

/** The bytes of hexadecimal digits. */
export const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
