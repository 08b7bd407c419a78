import type { Digestible } from './class-digest.ts';

/** A part of a state that never changes: forks share it, and it tells no two states of one run apart. */
export class Fixed<T> implements Digestible {
  constructor(readonly value: T) {}

  fork(): Fixed<T> {
    return this;
  }

  digestInto(): void {
    // the same in every state of a run
  }
}
