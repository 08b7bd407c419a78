import { Digest, textHash } from './digest.ts';

/**
 * Random draws without a generator state: each is a function of (seed, stream name, event index, how many-th draw), so
 * nothing has to be kept, replayed or forked, and a change in one place does not reshuffle the others.
 */
export class Draws {
  private count = 0;
  private readonly key: number;
  private readonly seedLow: number;
  private readonly seedHigh: number;

  /** `seed` uses all 64 bits. */
  constructor(
    seed: bigint,
    stream: string,
    private readonly index: number,
  ) {
    this.key = textHash(stream);
    this.seedLow = Number(BigInt.asIntN(32, seed));
    this.seedHigh = Number(BigInt.asIntN(32, seed >> 32n));
  }

  /** The next draw: a whole number of 32 bits. */
  bits(): number {
    const digest = new Digest();
    // The lanes of one pair are a bijection of its 128 bits; the seed goes in as the value, the place as the address.
    digest.toggleAtom(
      this.index,
      this.seedLow ^ this.key,
      this.seedHigh ^ Math.imul(this.count++ + 1, 0x9e3779b1),
    );
    return (digest.a ^ digest.c) >>> 0;
  }

  /** A number in [0, 1) of 53 bits. */
  unit(): number {
    return (this.bits() * 2097152 + (this.bits() >>> 11)) / 9007199254740992;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** True in `perMille` of 1,000 cases. */
  chance(perMille: number): boolean {
    return perMille > 0 && this.below(1000) < perMille;
  }
}
