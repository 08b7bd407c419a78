/**
 * Operators on a run's stream of batches, for programs that put the machine into a pipeline of their own.
 *
 *     run.batches$.pipe(recordTo(sink), replicateTo(replica)).subscribe();
 */
import { concatMap, defer, type MonoTypeOperatorFunction, map, Observable } from 'rxjs';
import type { AnyEvent } from './kernel/event-table.ts';
import type { Batch, Run, Sink } from './kernel/run.ts';

/**
 * Passes each batch on once the sink has taken it, one after the other, so that a slow sink holds back what is behind it.
 * An error of the sink is an error of the stream.
 */
export function recordTo<Event>(sink: Sink<Event>): MonoTypeOperatorFunction<Batch<Event>> {
  return concatMap(async (batch) => {
    await sink.write(batch);
    return batch;
  });
}

export interface ReplicationOptions {
  /**
   * How many batches are kept that arrived before those ahead of them, as over two paths, or when one is sent again.
   * Default 0: every gap is an error.
   */
  readonly earlyBatchesMax?: number;
}

/**
 * Folds each batch into a replica, which so is in the state of a prefix of the stream at every moment, and passes it on.
 * What the replica has seen already is left out. A batch that comes too early waits for those ahead of it; where no more
 * may wait, a gap is an error of the stream, a `RangeError` that names the events that are missing.
 */
export function replicateTo<State extends object, Event extends AnyEvent>(
  replica: Run<State, Event>,
  { earlyBatchesMax = 0 }: ReplicationOptions = {},
): MonoTypeOperatorFunction<Batch<Event>> {
  const isEarly = ({ firstIndex }: Batch<Event>): boolean => firstIndex > replica.index;
  const fold = ({ firstIndex, events }: Batch<Event>): void => {
    const seen = replica.index - firstIndex;
    replica.append(seen === 0 ? events : events.slice(seen));
  };
  return (source) =>
    defer(() => {
      const early: Batch<Event>[] = [];
      return source.pipe(
        map((batch) => {
          if (!isEarly(batch)) fold(batch);
          else if (early.length < earlyBatchesMax) early.push(batch);
          else {
            throw new RangeError(
              `replicateTo: events ${replica.index} to ${batch.firstIndex - 1} did not reach the replica`,
            );
          }
          while (early.some((one) => !isEarly(one))) {
            const due = early.findIndex((one) => !isEarly(one));
            for (const one of early.splice(due, 1)) fold(one);
          }
          return batch;
        }),
      );
    });
}

/** A fault as events that happen after so many events of the run. */
export interface ScheduledFault<Event> {
  /** Events of the run before it. */
  readonly at: number;
  readonly events: readonly Event[];
  /** Whether the run ends with it, as with the loss of power; else it goes on behind it. */
  readonly ends?: boolean;
}

/**
 * Puts faults into a stream. Events behind a fault move up by its length; behind one that ends the run there are none.
 * Two faults at one place happen in their order in the list.
 */
export function injectFaults<const Fault>(
  faults: readonly ScheduledFault<Fault>[],
): <Event>(source: Observable<Batch<Event>>) => Observable<Batch<Event | Fault>> {
  const schedule = faults.map((fault, order) => ({ ...fault, order }));
  schedule.sort((one, other) => one.at - other.at || one.order - other.order);
  return <Event>(source: Observable<Batch<Event>>) =>
    new Observable<Batch<Event | Fault>>((subscriber) => {
      let next = 0;
      let sent = 0;
      const send = (events: readonly (Event | Fault)[]): void => {
        if (events.length === 0) return;
        subscriber.next({ firstIndex: sent, events });
        sent += events.length;
      };
      const subscription = source.subscribe({
        next: ({ firstIndex, events }) => {
          if (firstIndex > 0 && sent === 0 && next === 0) sent = firstIndex;
          let from = 0;
          for (; next < schedule.length && schedule[next].at <= firstIndex + events.length; next++) {
            const { at, events: fault, ends } = schedule[next];
            const to = Math.max(from, at - firstIndex);
            send(events.slice(from, to));
            send(fault);
            from = to;
            if (ends) {
              subscriber.complete();
              return;
            }
          }
          send(events.slice(from));
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      return subscription;
    });
}
