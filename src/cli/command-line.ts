import { type Command, CommanderError } from 'commander';
import { cutCommandLine } from './guest-command.ts';
import { type Io, Session, STATUS } from './session.ts';

/**
 * Runs one command line, without the names of node and script, by the commands of a program. Returns the exit status; errors
 * are told on `io.stderr`, one line each. Does not end the process.
 */
export async function runCommandLine(
  argv: readonly string[],
  io: Io,
  program: (session: Session) => Command,
): Promise<number> {
  const { own, guest } = cutCommandLine(argv);
  const session = new Session(io, guest);
  try {
    const tearline = program(session);
    if (argv.length === 0) tearline.outputHelp();
    else await tearline.parseAsync([...own], { from: 'user' });
    return session.status ?? STATUS.clean;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return STATUS.clean; // help, version
    const { failureOf } = await import('./failure.ts');
    const { status, message } = failureOf(error);
    if (message !== undefined) io.stderr.write(`tearline: ${message}\n`);
    return status;
  }
}
