import { IllegalEvent } from '../../kernel/errors.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Invariant, Mechanism } from '../../mechanisms/mechanism.ts';
import type { Breach, FaultVerdict } from './verdict.ts';
import type { InjectedFault, World } from './world.ts';

/** What is said of a run so far. */
export type Judgement = Exclude<FaultVerdict, 'violated'> | Breach;

type Judge = Invariant<object, object, AnyEvent>;

/**
 * What must hold of a run at each of its events: the oracles that every mechanism has (mechanism sheets, section 1.8), and
 * the invariants of this one.
 */
export class Oracles {
  private readonly always: readonly Judge[];
  private readonly whenRecovered: readonly Judge[];

  constructor(private readonly mechanism: Mechanism) {
    this.always = mechanism.invariants.filter(({ when }) => when === 'always');
    this.whenRecovered = mechanism.invariants.filter(({ when }) => when === 'recovered');
  }

  /** What the mechanism does next; undefined at the end of the run. Notes in the world whether that is recovery. */
  next(world: World): AnyEvent | undefined {
    const recovery = this.mechanism.recover(world.state);
    if (recovery !== undefined) {
      world.recovering = true;
      return recovery;
    }
    return this.mechanism.decide(world.state);
  }

  /** Folds one event in and judges what must always hold, and where recovery has just ended what must hold then. */
  step(world: World, event: AnyEvent, fault?: InjectedFault): Judgement {
    try {
      world.apply(event, fault);
    } catch (error) {
      if (error instanceof IllegalEvent) return { invariant: 'legality', message: error.message };
      throw error;
    }
    const lost = this.mechanism.reference.lost(world.reference);
    if (event.kind === 'loss.reported' && lost === undefined)
      return { invariant: 'G2', message: 'a loss was reported where nothing is lost' };
    const breach = judge(world, event, this.always);
    if (breach !== undefined) return breach;
    if (!world.recovering || this.mechanism.recover(world.state) !== undefined) return 'survived';
    world.recovering = false;
    if (lost !== undefined && !world.lossReported)
      return { invariant: 'G2', message: `recovery ended and says nothing of what is lost: ${lost}` };
    if (lost !== undefined) return 'unrecoverable';
    return judge(world, event, this.whenRecovered) ?? 'survived';
  }

  /** Judges a run in which nothing more happens. */
  end(world: World): Judgement {
    const lost = this.mechanism.reference.lost(world.reference);
    if (lost === undefined) return 'survived';
    return world.lossReported
      ? 'unrecoverable'
      : { invariant: 'G2', message: `nothing says what is lost: ${lost}` };
  }
}

function judge(world: World, event: AnyEvent, invariants: readonly Judge[]): Breach | undefined {
  for (const { name, holds } of invariants) {
    const verdict = holds(world.state, world.reference, event);
    if (verdict !== true) return { invariant: name, message: verdict };
  }
  return undefined;
}
