import { type EventCodec, eventCodec } from '../../kernel/event-json.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Mechanism, Setting } from '../../mechanisms/mechanism.ts';
import { ClassTable } from './class-table.ts';
import type { FaultInRun } from './fault-witness.ts';
import { type Judgement, Oracles } from './oracles.ts';
import type { Breach } from './verdict.ts';
import { type InjectedFault, World } from './world.ts';

/** What did not hold first, and behind how many events of the run. */
export interface FoundBreach extends Breach {
  readonly events: number;
}

/** Where the mechanism would now do something else than was recorded, or nothing. */
export interface Departure {
  /** After so many events of the run. */
  readonly events: number;
  readonly next: AnyEvent | undefined;
}

/** Events that a mechanism may go on by itself, before its run counts as one without end. */
const EVENTS_MAX = 100_000;

/** One run, judged event by event as exploring judges it. Nothing is folded behind what does not hold. */
export class JudgedRun {
  readonly world: World;
  breach: FoundBreach | undefined;
  /** The first one: what is folded are the recorded events, whatever the mechanism would do now. */
  departure: Departure | undefined;
  private readonly oracles: Oracles;
  private readonly codec: EventCodec<AnyEvent>;

  constructor(
    private readonly mechanism: Mechanism,
    setting: Setting,
  ) {
    this.world = World.initial(mechanism, setting);
    this.oracles = new Oracles(mechanism);
    this.codec = eventCodec(mechanism.events);
  }

  /** Folds an event in; `faults` says which events of the run are faults. */
  take(event: AnyEvent, faults: readonly FaultInRun[] = []): void {
    if (this.breach !== undefined) return;
    const { index } = this.world;
    const fault = faults.find((one) => index >= one.index && index < one.index + one.events);
    if (fault === undefined || fault.index === index) {
      const next = this.oracles.next(this.world);
      if (fault === undefined && !this.areEqual(event, next)) this.departure ??= { events: index, next };
    }
    this.step(event, fault);
  }

  /** Puts a fault in. */
  inject(number: string, events: readonly AnyEvent[]): void {
    const fault = { number, index: this.world.index, events: events.length };
    for (const event of events) this.take(event, [fault]);
  }

  /** Judges the end of the run, if it is there. */
  end(): void {
    if (this.breach === undefined && this.oracles.next(this.world) === undefined)
      this.note(this.oracles.end(this.world));
  }

  /** Lets the mechanism go on by itself, to the end of recovery and scenario, and gives each event that came about. */
  *goOn(eventsMax = EVENTS_MAX): Generator<AnyEvent> {
    const classes = new ClassTable<true>();
    for (let events = 0; this.breach === undefined; events++) {
      const next = this.oracles.next(this.world);
      if (next === undefined) break;
      const digest = this.world.classDigest(0);
      if (classes.get(digest)) this.note({ invariant: 'G7', message: 'recovery goes in a circle' });
      else if (events === eventsMax) this.note({ invariant: 'G7', message: 'the run has no end' });
      else {
        classes.add(digest, true);
        if (this.step(next)) yield next;
      }
    }
    this.end();
  }

  /** What cannot be recovered any more; undefined while nothing is lost. */
  get lost(): string | undefined {
    return this.mechanism.reference.lost(this.world.reference);
  }

  private areEqual(one: AnyEvent, other: AnyEvent | undefined): boolean {
    return other !== undefined && this.codec.encode(one) === this.codec.encode(other);
  }

  /** Whether the event came about: one that is impossible does not. */
  private step(event: AnyEvent, fault?: InjectedFault): boolean {
    const { index } = this.world;
    this.note(this.oracles.step(this.world, event, fault));
    return this.world.index > index;
  }

  private note(judgement: Judgement): void {
    if (typeof judgement !== 'string') this.breach ??= { ...judgement, events: this.world.index };
  }
}
