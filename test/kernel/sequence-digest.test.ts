import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GROUP_WORDS, SequenceDigest } from '../../src/kernel/sequence-digest.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/sequence-digest.test.ts';

const group = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), {
  minLength: GROUP_WORDS,
  maxLength: GROUP_WORDS,
});
const groups = fc.array(group, { minLength: 1, maxLength: 20 });

function digestOf(sequence: readonly (readonly number[])[]): string {
  const digest = new SequenceDigest();
  digest.add(new Int32Array(sequence.flat()), 0, sequence.length);
  return digest.hex();
}

it('does not depend on how many groups come at once', () =>
  holds(
    fc.property(groups, (sequence) => {
      const digest = new SequenceDigest();
      for (const one of sequence) digest.add(new Int32Array([0, ...one]), 1, 1);
      expect(digest.hex()).toBe(digestOf(sequence));
    }),
    500,
    FILE,
  ));

it('is another one when any bit is', () =>
  holds(
    fc.property(groups, fc.nat(), fc.nat({ max: GROUP_WORDS * 32 - 1 }), (sequence, choice, bit) => {
      const changed = sequence.map((words) => [...words]);
      changed[choice % changed.length][bit >>> 5] ^= 1 << (bit & 31);
      expect(digestOf(changed)).not.toBe(digestOf(sequence));
    }),
    2000,
    FILE,
  ));

it('is another one when two groups change places', () =>
  holds(
    fc.property(groups, group, group, (sequence, one, other) => {
      fc.pre(one.join() !== other.join());
      expect(digestOf([...sequence, one, other])).not.toBe(digestOf([...sequence, other, one]));
    }),
    500,
    FILE,
  ));

it('is another one when bytes are cut elsewhere', () =>
  holds(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), (bytes, choice) => {
      const [whole, cut] = [new SequenceDigest(), new SequenceDigest()];
      const at = choice % bytes.length;
      whole.addBytes(bytes);
      cut.addBytes(bytes.subarray(0, at));
      cut.addBytes(bytes.subarray(at));
      expect(cut.hex()).not.toBe(whole.hex());
    }),
    500,
    FILE,
  ));
