/** A mistake in what the user gave: one line that says what, where, and how to mend it. Never shown with a stack trace. */
export class InputError extends Error {
  override name = 'InputError';
}

/** An event that cannot happen in the present state. Nothing has changed. */
export class IllegalEvent extends Error {
  override name = 'IllegalEvent';
  constructor(
    readonly kind: string,
    readonly reason: string,
    /** Index of the event, when it is known. */
    readonly index?: number,
  ) {
    super(`${index === undefined ? '' : `event ${index}: `}${kind} is illegal here: ${reason}`);
  }
}

/** A reducer that threw something else than `IllegalEvent`: it has a bug, and may have left the state half changed. */
export class ReducerError extends Error {
  override name = 'ReducerError';
  constructor(
    readonly model: string,
    readonly kind: string,
    /** Index of the event. */
    readonly index: number,
    thrown: unknown,
  ) {
    const why = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n', 1)[0];
    super(`event ${index}: the reducer of ${model} threw on ${kind}: ${why}`, { cause: thrown });
  }
}

/** A reducer that folds the same events to another state the second time: its runs cannot be replayed. */
export class NondeterminismError extends Error {
  override name = 'NondeterminismError';
  constructor(
    readonly model: string,
    /** The kind of the event, and its index; undefined for the initial state. */
    readonly kind?: string,
    readonly index?: number,
  ) {
    super(
      kind === undefined
        ? `the initial state of ${model} is another the second time: make it anew from the setting alone`
        : `event ${index}: the reducer of ${model} folds ${kind} to another state the second time: it may only use state and event`,
    );
  }
}
