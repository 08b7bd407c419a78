import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Exit statuses, of several that apply the first here. */
export const STATUS = {
  clean: 0,
  violation: 1,
  /** Incomplete, undecided, or stale. */
  undecided: 2,
  badInput: 3,
  nondeterminism: 4,
  internalError: 70,
  interrupted: 130,
  /** The reader of the output went away: 128 and the number of SIGPIPE, as a shell says it. */
  closedPipe: 141,
} as const;

/** One call of the program: its edge to the outside, and the exit status that the command found. */
export class Session {
  status: number | undefined;

  constructor(readonly io: Io) {}

  /** Runs a command's action and keeps the status that it returns. */
  async act(action: (io: Io) => Promise<number>): Promise<void> {
    this.status = await action(this.io);
  }
}
