import { describe, expect, it } from 'vitest';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { Immutable } from '../../src/kernel/immutable.ts';
import { forkState } from '../../src/kernel/model.ts';

describe('an immutable part', () => {
  it('is shared by forks, and digested by what it holds', () => {
    const state = { image: new Immutable({ memory: ['00', '01'] }) };
    const fork = forkState(state);
    expect(fork.image).toBe(state.image);
    fork.image = new Immutable({ memory: ['00', '02'] });
    expect(state.image.value.memory).toEqual(['00', '01']);
    expect(classDigest(fork)).not.toEqual(classDigest(state));
    fork.image = new Immutable({ memory: ['00', '01'] });
    expect(classDigest(fork)).toEqual(classDigest(state));
  });
});
