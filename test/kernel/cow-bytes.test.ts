import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CowBytes } from '../../src/kernel/cow-bytes.ts';
import { Digest } from '../../src/kernel/digest.ts';
import { forksAreIsolated } from '../support/forks.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/cow-bytes.test.ts';

/** Around the edges of pages and of levels of the tree, and far out. */
const places = [
  0,
  500,
  512 * 64,
  512 * 64 * 64 - 16,
  2 ** 31 - 8,
  2 ** 32,
  2 ** 40 - 16,
  3 * 2 ** 40,
  2 ** 53 - 64,
];
const address = fc
  .record({ place: fc.constantFrom(...places), offset: fc.nat(40) })
  .map(({ place, offset }) => place + offset);
const bytes = fc.array(fc.constantFrom(0, 1, 0x80, 0xff), { maxLength: 20 });

type Naive = Map<number, number>;

function compare(real: CowBytes, naive: Naive): void {
  const digest = new Digest();
  for (const place of places) {
    const wanted = Array.from({ length: 64 }, (_, i) => naive.get(place + i) ?? 0);
    expect([...real.read(place, 64)]).toEqual(wanted);
    expect(wanted.map((_, i) => real.byte(place + i))).toEqual(wanted);
  }
  const atoms = new Set([...naive.keys()].map((at) => at - (at % 8)));
  for (const atom of atoms) {
    const of = (from: number): number =>
      [0, 1, 2, 3].reduce((sum, i) => sum | ((naive.get(from + i) ?? 0) << (8 * i)), 0);
    digest.toggleAtom(atom, of(atom), of(atom + 4));
    expect([real.word(atom), real.word(atom + 4)]).toEqual([of(atom), of(atom + 4)]);
  }
  expect(real.digest.hex()).toBe(digest.hex());
}

describe('copy-on-write bytes', () => {
  it('forks are isolated, and the digest is that of the contents', () => {
    const property = forksAreIsolated<CowBytes, Naive, { address: number; bytes: number[] }>(
      {
        fresh: () => new CowBytes(),
        naive: () => new Map(),
        fork: (real) => real.fork(),
        copy: (naive) => new Map(naive),
        act: (real, naive, { address, bytes }) => {
          real.write(address, Uint8Array.from(bytes));
          bytes.forEach((byte, i) => void naive.set(address + i, byte));
        },
        compare,
      },
      fc
        .record({ address, bytes })
        .filter(({ address, bytes }) => address + bytes.length <= Number.MAX_SAFE_INTEGER),
    );

    holds(property, 200, FILE);
  });

  it('the digest of contents does not depend on the way to them', () => {
    const cases = fc.property(fc.array(fc.record({ address, bytes }), { maxLength: 12 }), (writes) => {
      const direct = new CowBytes();
      const detour = new CowBytes();
      for (const { address, bytes } of writes) {
        direct.write(address, Uint8Array.from(bytes));
        detour.write(
          address,
          Uint8Array.from(bytes, (byte) => byte ^ 0x55),
        );
      }
      for (const { address, bytes } of writes) detour.write(address, Uint8Array.from(bytes));

      expect(detour.digest.hex()).toBe(direct.digest.hex());
    });
    holds(cases, 300, FILE);
  });

  it('bytes that were written and zeroed again are as never written', () => {
    const memory = new CowBytes();
    memory.write(1000, Uint8Array.of(1, 2, 3));
    memory.write(1000, Uint8Array.of(0, 0, 0));

    expect(memory.digest.equals(new CowBytes().digest)).toBe(true);
  });

  it('what is read is a copy', () => {
    const memory = new CowBytes();
    memory.write(0, Uint8Array.of(7));
    memory.read(0, 1).fill(9);

    expect(memory.byte(0)).toBe(7);
  });
});
