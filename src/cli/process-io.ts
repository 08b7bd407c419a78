import type { Readable, Writable } from 'node:stream';
import { systemError } from '../recordings/errors.ts';
import { isClosedPipe } from './closed-pipe.ts';
import { type Io, STATUS } from './session.ts';

/** The streams of this process, each made when it is first asked for: that takes time, and few commands need all. */
export class ProcessIo implements Io {
  readonly isProcess = true;

  get stdin(): Readable {
    return process.stdin;
  }

  get stdout(): Writable {
    return watched(process.stdout);
  }

  get stderr(): Writable {
    return watched(process.stderr);
  }
}

/** Ends the process when all is written, without waiting for what V8 still compiles. */
export async function endProcess(status: number): Promise<never> {
  for (const stream of known) {
    if (stream.writableLength > 0) await new Promise<void>((written) => stream.write('', () => written()));
  }
  process.exit(status);
}

const known = new Set<Writable>();

/** Ends the process when an output cannot be written: quietly when its reader went away. */
function watched(stream: Writable): Writable {
  if (known.has(stream)) return stream;
  known.add(stream);
  return stream.on('error', (error) => {
    if (isClosedPipe(error)) process.exit(STATUS.closedPipe);
    if (stream === process.stdout) {
      process.stderr.write(`tearline: ${systemError('cannot write standard output', error).message}\n`);
    }
    process.exit(STATUS.badInput);
  });
}
