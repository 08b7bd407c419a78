const LANES = { turn: 0, stop: 1, isNeighbour: 2, key: 4, answered: 8, count: 16 } as const;
const NUMBERS = { index: 0, ordinal: 1, events: 2, fraction: 3, count: 8 } as const;
const LANE_BYTES = LANES.count * 4;

/** An image that a worker is judging, or whose neighbours it is judging. */
export interface JudgedImage {
  readonly key: Int32Array;
  readonly isNeighbour: boolean;
  /** Events folded before the crash. */
  readonly index: number;
  readonly ordinal: number;
}

/**
 * Memory that a worker and the main thread share, so that each sees where the other is although the worker never comes
 * back to its event loop.
 */
export class WorkerLanes {
  private readonly lanes: Int32Array;
  private readonly numbers: Float64Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(LANE_BYTES + NUMBERS.count * 8)) {
    this.lanes = new Int32Array(buffer, 0, LANES.count);
    this.numbers = new Float64Array(buffer, LANE_BYTES, NUMBERS.count);
  }

  /** Odd while the checker works; another number for each image. */
  get turn(): number {
    return Atomics.load(this.lanes, LANES.turn);
  }

  get isJudging(): boolean {
    return (this.turn & 1) === 1;
  }

  /** Says what is judged next. */
  announce(key: Int32Array, index: number, ordinal: number, isNeighbour: boolean): void {
    this.lanes.set(key, LANES.key);
    this.lanes[LANES.isNeighbour] = Number(isNeighbour);
    this.numbers[NUMBERS.index] = index;
    this.numbers[NUMBERS.ordinal] = ordinal;
  }

  /** Says that the checker begins, or that it is done. */
  turnOver(): void {
    Atomics.add(this.lanes, LANES.turn, 1);
  }

  get judged(): JudgedImage {
    const { lanes, numbers } = this;
    return {
      key: lanes.slice(LANES.key, LANES.key + 4),
      isNeighbour: lanes[LANES.isNeighbour] === 1,
      index: numbers[NUMBERS.index],
      ordinal: numbers[NUMBERS.ordinal],
    };
  }

  stop(): void {
    Atomics.store(this.lanes, LANES.stop, 1);
  }

  get mustStop(): boolean {
    return Atomics.load(this.lanes, LANES.stop) === 1;
  }

  /** How much of the run the worker has walked, from 0 to 1. */
  set fraction(fraction: number) {
    this.numbers[NUMBERS.fraction] = fraction;
  }

  get fraction(): number {
    return this.numbers[NUMBERS.fraction];
  }

  /** Blocks the worker until the main thread has answered. */
  awaitAnswer(): void {
    while (Atomics.load(this.lanes, LANES.answered) === 0) Atomics.wait(this.lanes, LANES.answered, 0, 1000);
    Atomics.store(this.lanes, LANES.answered, 0);
  }

  answer(): void {
    Atomics.store(this.lanes, LANES.answered, 1);
    Atomics.notify(this.lanes, LANES.answered);
  }
}
