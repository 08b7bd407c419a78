import { classDigest } from '../../kernel/class-digest.ts';
import { NondeterminismError } from '../../kernel/errors.ts';
import type { Mechanism, Setting } from '../../mechanisms/mechanism.ts';
import { World } from './world.ts';

/** Folds the events of a run a second time, from the beginning, and compares the states at each index. Oracle G1. */
export class Refold {
  private readonly again: World;

  /** Throws `NondeterminismError` when the run's first state is not that of a second beginning. */
  constructor(
    private readonly mechanism: Mechanism,
    setting: Setting,
    world: World,
  ) {
    this.again = World.initial(mechanism, setting);
    if (this.again.state === world.state || !classDigest(this.again.state).equals(classDigest(world.state)))
      throw new NondeterminismError(mechanism.name);
    if (
      this.again.reference === world.reference ||
      !classDigest(this.again.reference).equals(classDigest(world.reference))
    )
      throw new NondeterminismError(referenceOf(mechanism));
  }

  /** Folds in the last event of the run. Throws `NondeterminismError` when that leads to another state than it did there. */
  follow({ last, state, reference }: World): void {
    if (last === undefined || last.index < this.again.index) return; // the event that came next was refused
    const { event, index } = last;
    const digest = classDigest(state);
    const referenceDigest = classDigest(reference);
    this.again.apply(event);
    if (!digest.equals(classDigest(this.again.state)))
      throw new NondeterminismError(this.mechanism.name, event.kind, index);
    if (!referenceDigest.equals(classDigest(this.again.reference)))
      throw new NondeterminismError(referenceOf(this.mechanism), event.kind, index);
  }
}

const referenceOf = ({ name }: Mechanism): string => `the reference of ${name}`;
