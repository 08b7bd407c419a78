/** The 8 bytes of a whole number below 2^53, least significant first, as hexadecimal digits. */
export function wordOf(value: number): string {
  let digits = '';
  for (let rest = value, at = 0; at < 8; at++, rest = Math.floor(rest / 256)) {
    digits += (rest % 256).toString(16).padStart(2, '0');
  }
  return digits;
}

/** The number that a word holds, modulo 2^48, which is plenty for programs that add small numbers. */
export function numberOf(word: string): number {
  let value = 0;
  for (let at = 5; at >= 0; at--) value = value * 256 + Number.parseInt(word.slice(2 * at, 2 * at + 2), 16);
  return value;
}

/** What a reserved block holds: the index of the next instruction, and the register. */
export const encodeContext = (next: number, register: string, blockBytes: number): string =>
  (wordOf(next) + register).padEnd(2 * blockBytes, '0');

export const decodeContext = (contents: string): { next: number; register: string } => ({
  next: numberOf(contents.slice(0, 16)),
  register: contents.slice(16, 32),
});

/** A block of zeros: one text for each size, so that large memories are compared by reference. */
export function zerosOf(blockBytes: number): string {
  let zeros = knownZeros.get(blockBytes);
  if (zeros === undefined) {
    zeros = '00'.repeat(blockBytes);
    knownZeros.set(blockBytes, zeros);
  }
  return zeros;
}

const knownZeros = new Map<number, string>();
