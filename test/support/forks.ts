import fc from 'fast-check';

/** Something that can be forked, next to a naive model of it that is copied as a whole. */
export interface Forked<Real, Naive, Action> {
  fresh: () => Real;
  naive: () => Naive;
  fork: (real: Real) => Real;
  copy: (naive: Naive) => Naive;
  /** Does the same to both. */
  act: (real: Real, naive: Naive, action: Action) => void;
  /** Asserts that both hold the same. */
  compare: (real: Real, naive: Naive) => void;
}

/**
 * Law: forks are isolated. Actions and forks in any order, in any of the worlds: each world holds what its naive model
 * holds, so that no world sees what another does, in either direction.
 */
export function forksAreIsolated<Real, Naive, Action>(
  { fresh, naive, fork, copy, act, compare }: Forked<Real, Naive, Action>,
  action: fc.Arbitrary<Action>,
): fc.IPropertyWithHooks<[{ world: number; action: Action | 'fork' }[]]> {
  const step = fc.record({
    world: fc.nat(5),
    action: fc.oneof(
      { weight: 6, arbitrary: action },
      { weight: 1, arbitrary: fc.constant('fork' as const) },
    ),
  });
  return fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
    const worlds = [{ real: fresh(), naive: naive() }];
    for (const { world, action } of steps) {
      const chosen = worlds[world % worlds.length];
      if (action === 'fork') worlds.push({ real: fork(chosen.real), naive: copy(chosen.naive) });
      else act(chosen.real, chosen.naive, action as Action);
    }
    for (const { real, naive } of worlds) compare(real, naive);
  });
}
