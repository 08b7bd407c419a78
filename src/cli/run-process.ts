import { systemError } from '../recordings/errors.ts';
import { isClosedPipe } from './closed-pipe.ts';
import { type Io, STATUS } from './session.ts';

/** Runs the command line of this process, and sets its exit status. */
export async function runProcess(run: (argv: readonly string[], io: Io) => Promise<number>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (isClosedPipe(error)) process.exit(STATUS.closedPipe);
      if (stream === process.stdout) {
        process.stderr.write(`tearline: ${systemError('cannot write standard output', error).message}\n`);
      }
      process.exit(STATUS.badInput);
    });
  }
  process.exitCode = await run(process.argv.slice(2), process);
}
