import { Command } from 'commander';
import type { Session } from './session.ts';

/** A command line with these commands, which write where the session says, and throw where they would end the process. */
export function withCommands(session: Session, commands: readonly Command[]): Command {
  const { io } = session;
  const tearline = new Command('tearline')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined })
    .configureHelp({
      get helpWidth() {
        return Math.min(stdoutColumns(session), 110);
      },
    })
    .showSuggestionAfterError()
    .helpOption('-h, --help', 'show help; also of each command')
    .exitOverride();
  for (const command of commands) tearline.addCommand(command.copyInheritedSettings(tearline));
  return tearline;
}

function stdoutColumns({ io }: Session): number {
  return 'columns' in io.stdout && typeof io.stdout.columns === 'number' ? io.stdout.columns : 100;
}
