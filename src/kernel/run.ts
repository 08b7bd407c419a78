import { Observable, type Observer, type Operator, type Subscriber, type Subscription } from 'rxjs';
import { IllegalEvent, ReducerError } from './errors.ts';
import type { AnyEvent } from './event-table.ts';
import { forkState, type Model } from './model.ts';

/** Events that were folded one after the other; the first has this index. The array must not be changed. */
export interface Batch<Event> {
  readonly firstIndex: number;
  readonly events: readonly Event[];
}

/** Something that takes the stream in and may be slow: it is awaited before the machine goes on. */
export interface Sink<Event> {
  write(batch: Batch<Event>): void | Promise<void>;
}

export interface RunOptions<Event> {
  /** Index of the next event; 0 unless the state is that of a longer run. */
  readonly index?: number;
  /** Told of each subscriber that threw. It is unsubscribed; the run and the other subscribers go on. */
  readonly onSubscriberError?: (error: unknown) => void;
  readonly sinks?: readonly Sink<Event>[];
}

/**
 * One execution: a state, and the stream of events that leads on from it. Observables stand at its edge; inside there is
 * a plain loop over a batch.
 */
export class Run<State extends object, Event extends AnyEvent> {
  /** Batches as they are folded, in order, also when a subscriber appends events of its own. */
  readonly batches$: Observable<Batch<Event>>;
  /** The same, event by event. */
  readonly events$: Observable<Event>;
  private readonly subscribers = new Set<Subscriber<Batch<Event>>>();
  private readonly undelivered: Batch<Event>[] = [];
  private readonly sinks: readonly Sink<Event>[];
  private readonly onSubscriberError: (error: unknown) => void;
  private delivering = false;
  private nextIndex: number;
  private sunk: Promise<void> = Promise.resolve();

  constructor(
    readonly model: Model<State, Event>,
    readonly state: State,
    options: RunOptions<Event> = {},
  ) {
    this.nextIndex = options.index ?? 0;
    this.sinks = options.sinks ?? [];
    this.onSubscriberError = options.onSubscriberError ?? (() => undefined);
    this.batches$ = new GuardedObservable<Batch<Event>>((subscriber) => {
      this.subscribers.add(subscriber);
      return () => this.subscribers.delete(subscriber);
    }, this.onSubscriberError);
    this.events$ = new GuardedObservable<Event>(
      (subscriber) =>
        this.batches$.subscribe({
          next: (batch) => {
            for (const event of batch.events) subscriber.next(event);
          },
          complete: () => subscriber.complete(),
        }),
      this.onSubscriberError,
    );
  }

  /** Index of the next event. */
  get index(): number {
    return this.nextIndex;
  }

  /**
   * Folds events in and hands them to the subscribers as one batch. When one is illegal, those before it count, it is
   * named with its index, and those after it are not looked at.
   */
  append(events: readonly Event[]): void {
    const firstIndex = this.nextIndex;
    const { evolve } = this.model;
    let done = 0;
    try {
      for (; done < events.length; done++) evolve(this.state, events[done]);
    } catch (error) {
      throw named(error, this.model.name, events[done].kind, firstIndex + done);
    } finally {
      this.nextIndex += done;
      if (done > 0)
        this.deliver({ firstIndex, events: done === events.length ? events : events.slice(0, done) });
    }
  }

  /** Appends batches as they come; each is taken by all sinks before the next is asked for. */
  async drive(source: Iterable<readonly Event[]> | AsyncIterable<readonly Event[]>): Promise<void> {
    for await (const events of source) {
      this.append(events);
      await this.settled();
    }
  }

  /** Resolves when every sink has taken all that was appended; rejects with the first error of a sink. */
  settled(): Promise<void> {
    return this.sunk;
  }

  /** A run of its own from the present state on. It has no subscribers and no sinks yet. */
  fork(options: Omit<RunOptions<Event>, 'index'> = {}): Run<State, Event> {
    return new Run(this.model, forkState(this.state), { ...options, index: this.nextIndex });
  }

  /** Completes the observables. */
  complete(): void {
    for (const subscriber of [...this.subscribers]) subscriber.complete();
  }

  private deliver(batch: Batch<Event>): void {
    if (this.sinks.length > 0) {
      this.sunk = this.sunk.then(async () => {
        await Promise.all(this.sinks.map((sink) => sink.write(batch)));
      });
      this.sunk.catch(() => undefined); // whoever awaits settled() sees it
    }
    if (this.subscribers.size === 0) return;
    this.undelivered.push(batch);
    if (this.delivering) return; // a subscriber appended: its batch comes after the one being delivered
    this.delivering = true;
    try {
      for (let next = this.undelivered.shift(); next !== undefined; next = this.undelivered.shift()) {
        for (const subscriber of [...this.subscribers]) subscriber.next(next);
      }
    } finally {
      this.delivering = false;
    }
  }
}

/** Folds events into a state that the caller owns. Returns how many; `IllegalEvent` and `ReducerError` name the index. */
export function foldInto<State extends object, Event extends AnyEvent>(
  model: Model<State, Event>,
  state: State,
  events: readonly Event[],
  firstIndex = 0,
): number {
  const { evolve } = model;
  let i = 0;
  try {
    for (; i < events.length; i++) evolve(state, events[i]);
  } catch (error) {
    throw named(error, model.name, events[i].kind, firstIndex + i);
  }
  return i;
}

const named = (error: unknown, model: string, kind: string, index: number): Error =>
  error instanceof IllegalEvent
    ? new IllegalEvent(error.kind, error.reason, index)
    : new ReducerError(model, kind, index, error);

/**
 * An observable whose consumers, and those of everything piped from it, may throw: the error is reported and the consumer
 * unsubscribed, where RxJS would rethrow it later, out of everybody's reach, and end the process.
 */
class GuardedObservable<T> extends Observable<T> {
  constructor(
    subscribe: ((subscriber: Subscriber<T>) => Subscription | (() => void)) | undefined,
    private readonly report: (error: unknown) => void,
  ) {
    super(subscribe);
  }

  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new GuardedObservable<R>(undefined, this.report);
    lifted.source = this as Observable<unknown>;
    if (operator !== undefined) lifted.operator = operator as Operator<unknown, R>;
    return lifted;
  }

  override subscribe(
    observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    const observer: Partial<Observer<T>> =
      typeof observerOrNext === 'function' || !observerOrNext
        ? {
            ...(observerOrNext && { next: observerOrNext }),
            ...(error && { error }),
            ...(complete && { complete }),
          }
        : observerOrNext;
    if ('closed' in observer) return super.subscribe(observer); // an inner subscriber of RxJS's own
    let subscription: Subscription | undefined;
    let failed = false;
    const guarded =
      <A extends unknown[]>(call: (...args: A) => void) =>
      (...args: A): void => {
        if (failed) return;
        try {
          call(...args);
        } catch (thrown) {
          failed = true;
          this.report(thrown);
          subscription?.unsubscribe();
        }
      };
    subscription = super.subscribe({
      next: guarded((value: T) => observer.next?.(value)),
      error: guarded((reason: unknown) => (observer.error ? observer.error(reason) : this.report(reason))),
      complete: guarded(() => observer.complete?.()),
    });
    if (failed) subscription.unsubscribe();
    return subscription;
  }
}
