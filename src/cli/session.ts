import type { Readable, Writable } from 'node:stream';
import { InputError } from '../kernel/errors.ts';

/** What a command reads and writes. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Whether these are the streams of the process, whose descriptors are 0, 1 and 2. */
  readonly isProcess?: boolean;
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

  constructor(
    readonly io: Io,
    /** What stands behind `--`: a program and its arguments, which are the guest's; undefined without `--`. */
    readonly guest?: readonly string[],
  ) {}

  /** Runs a command's action and keeps the status that it returns. Throws `InputError` for a program that it cannot run. */
  async act(action: (io: Io) => Promise<number>): Promise<void> {
    if (this.guest !== undefined)
      throw new InputError('nothing stands behind -- here: this command runs no program');
    this.status = await action(this.io);
  }

  /** As `act`, for commands that can be about a program and its arguments. Throws `InputError` where none stands behind `--`. */
  async actOnProgram(
    action: (io: Io, guest: readonly string[] | undefined) => Promise<number>,
  ): Promise<void> {
    if (this.guest?.length === 0) throw new InputError('no program stands behind --: give its path there');
    this.status = await action(this.io, this.guest);
  }
}
