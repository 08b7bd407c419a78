import { ClassHash } from '../../kernel/class-digest.ts';
import type { Digest } from '../../kernel/digest.ts';
import { IllegalEvent, ReducerError } from '../../kernel/errors.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { forkState } from '../../kernel/model.ts';
import type { Mechanism, Setting } from '../../mechanisms/mechanism.ts';

/** A fault that was put in. */
export interface InjectedFault {
  /** Of the fault catalogue. */
  readonly number: string;
  /** Of its first event. */
  readonly index: number;
}

/** How a world came to be: its events, the last one first. Worlds that were forked share the links before. */
export interface Link {
  readonly event: AnyEvent;
  readonly before: Link | undefined;
  /** Index of the event. */
  readonly index: number;
  /** The fault that it belongs to; undefined for what the mechanism did. */
  readonly fault: InjectedFault | undefined;
}

/** A mechanism in some state, with the reference model that saw the same events. */
export class World {
  /** Recovery is under way. */
  recovering = false;
  /** A loss was reported since the run began. */
  lossReported = false;

  private constructor(
    readonly mechanism: Mechanism,
    readonly state: object,
    readonly reference: object,
    public last: Link | undefined,
  ) {}

  static initial(mechanism: Mechanism, setting: Setting): World {
    return new World(mechanism, mechanism.initial(setting), mechanism.reference.initial(setting), undefined);
  }

  /** Index of the next event. */
  get index(): number {
    return this.last === undefined ? 0 : this.last.index + 1;
  }

  fork(): World {
    const fork = new World(this.mechanism, forkState(this.state), forkState(this.reference), this.last);
    fork.recovering = this.recovering;
    fork.lossReported = this.lossReported;
    return fork;
  }

  /**
   * Folds an event into the mechanism and the reference. Throws `IllegalEvent` (nothing has changed) or `ReducerError`,
   * which name the event's index and the mechanism.
   */
  apply(event: AnyEvent, fault?: InjectedFault): void {
    const { mechanism, index } = this;
    let reducer = mechanism.name; // a reference may refuse nothing: the event has happened
    try {
      mechanism.evolve(this.state, event);
      reducer = `the reference of ${mechanism.name}`;
      mechanism.reference.evolve(this.reference, event);
    } catch (error) {
      if (error instanceof IllegalEvent && reducer === mechanism.name)
        throw new IllegalEvent(error.kind, error.reason, index);
      throw new ReducerError(reducer, event.kind, index, error);
    }
    if (event.kind === 'loss.reported') this.lossReported = true;
    this.last = { event, before: this.last, index, fault };
  }

  /** Lets go of the events so far, but for their number: nobody will ask how this world came to be. */
  forget(): void {
    if (this.last !== undefined) this.last = { ...this.last, before: undefined };
  }

  /**
   * What tells this world from another in what can happen from now on: contents, promises, work left, and how many more
   * faults will be tried. Not the event index, not the way it came here.
   */
  classDigest(faultsLeft: number): Digest {
    const hash = new ClassHash();
    hash.word((faultsLeft << 2) | (this.recovering ? 2 : 0) | (this.lossReported ? 1 : 0));
    hash.value(this.state);
    hash.value(this.reference);
    return hash.digest();
  }
}

/** All events that led to a link, in order. */
export function linksTo(last: Link | undefined): Link[] {
  const links: Link[] = [];
  for (let link = last; link !== undefined; link = link.before) links.push(link);
  return links.reverse();
}
