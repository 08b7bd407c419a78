import { CommanderError } from 'commander';
import { InputError, NondeterminismError, ReducerError } from '../kernel/errors.ts';
import { MechanismMistake } from '../node/mechanism-mistake.ts';
import { StaleRecording, systemError } from '../recordings/errors.ts';
import { ImpossibleRecording } from '../recordings/impossible-recording.ts';
import { isClosedPipe } from './closed-pipe.ts';
import { STATUS } from './session.ts';

/** What is said on stderr of an error, and the exit status. */
export interface Failure {
  readonly status: number;
  /** One line; undefined when there is nothing to say. */
  readonly message: string | undefined;
}

/** The failure that a thrown error means. Errors that are nobody's mistake but the program's own are told as such. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return usageFailure(error);
  const told = error instanceof Error ? systemError('the system refuses', error) : error;
  if (told instanceof StaleRecording) return { status: STATUS.undecided, message: oneLine(told.message) };
  if (told instanceof ImpossibleRecording)
    return { status: STATUS.nondeterminism, message: oneLine(told.message) };
  if (
    told instanceof MechanismMistake ||
    told instanceof NondeterminismError ||
    told instanceof ReducerError
  ) {
    const isNondeterminism =
      told instanceof NondeterminismError || (told instanceof MechanismMistake && told.isNondeterminism);
    return {
      status: isNondeterminism ? STATUS.nondeterminism : STATUS.badInput,
      message: oneLine(told.message),
    };
  }
  if (told instanceof InputError) {
    if (isClosedPipe(error)) return { status: STATUS.closedPipe, message: undefined };
    return { status: STATUS.badInput, message: oneLine(told.message) };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack =
    error instanceof Error && process.env['TEARLINE_DEBUG'] === '1' ? `\n${error.stack ?? ''}` : '';
  return {
    status: STATUS.internalError,
    message:
      `internal error: ${oneLine(reason)}; this is a mistake in tearline, please report it with the command and what it ` +
      `prints under TEARLINE_DEBUG=1${stack}`,
  };
}

const usageFailure = ({ code, message }: CommanderError): Failure => {
  const said = oneLine(message.replace(/^error: /, ''));
  return { status: STATUS.badInput, message: usageText(code, said) };
};

function usageText(code: string, said: string): string {
  if (code === 'commander.help') return 'help: there is no such command; tearline --help lists them';
  const [, command] = /^too many arguments for '(run|record|campaign)'/.exec(said) ?? [];
  return command === undefined
    ? said
    : `${said} A program and its arguments stand behind --: tearline ${command} … -- ./prog ARGUMENTS`;
}

const LENGTH_MAX = 1000;

/** No text that a user gave can add a line to a message, or move the cursor of a terminal. */
function oneLine(text: string): string {
  const line = text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/\p{Cc}/gu, '?');
  return line.length <= LENGTH_MAX ? line : `${line.slice(0, LENGTH_MAX)}…`;
}
