import { type ClassHash, classDigest, type Digestible } from './class-digest.ts';
import type { Digest } from './digest.ts';

/** A part of a state that is replaced, never changed: forks share it, and its digest is made once. */
export class Immutable<T> implements Digestible {
  private digest: Digest | undefined;

  constructor(readonly value: T) {}

  fork(): Immutable<T> {
    return this;
  }

  digestInto(hash: ClassHash): void {
    this.digest ??= classDigest(this.value);
    hash.digested(this.digest);
  }

  toJSON(): T {
    return this.value;
  }
}
