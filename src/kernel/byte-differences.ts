import type { CowBytes } from './cow-bytes.ts';

/** The addresses of the 8-byte atoms in which two memories differ, in order. Pages that forks share cost nothing but a look. */
export function* differingAtoms(one: CowBytes, other: CowBytes): Generator<number> {
  const left = one.pages();
  const right = other.pages();
  let a = left.next();
  let b = right.next();
  while (!a.done || !b.done) {
    const addressA = a.done ? Number.POSITIVE_INFINITY : a.value[0];
    const addressB = b.done ? Number.POSITIVE_INFINITY : b.value[0];
    const address = Math.min(addressA, addressB);
    const wordsA = addressA === address ? a.value?.[1] : undefined;
    const wordsB = addressB === address ? b.value?.[1] : undefined;
    if (wordsA !== wordsB) {
      const { length } = wordsA ?? wordsB ?? [];
      for (let at = 0; at < length; at += 2) {
        const low = (wordsA?.[at] ?? 0) ^ (wordsB?.[at] ?? 0);
        const high = (wordsA?.[at + 1] ?? 0) ^ (wordsB?.[at + 1] ?? 0);
        if ((low | high) !== 0) yield address + at * 4;
      }
    }
    if (wordsA !== undefined) a = left.next();
    if (wordsB !== undefined) b = right.next();
  }
}
