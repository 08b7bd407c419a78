import { InputError } from '../kernel/errors.ts';
import type { CheckerSpec } from './campaign-spec.ts';
import { CommandChecker } from './command-checker.ts';
import { commandWords } from './command-words.ts';
import { requireProgram } from './find-program.ts';
import type { ProcessChecker } from './process-checker.ts';
import { ServerChecker } from './server-checker.ts';

/** Makes checkers that are processes; undefined for modules. Throws `InputError` for a command that cannot be run. */
export function processCheckers(
  checker: CheckerSpec | undefined,
  checkerMs: number,
): (() => ProcessChecker) | undefined {
  if (checker === undefined || checker.kind === 'module' || checker.kind === 'recovery') return undefined;
  const option = checker.kind === 'command' ? '--check-command' : '--check-server';
  const words = commandWords(checker.text, option);
  requireProgram(words[0], option);
  if (checker.kind === 'server') return () => new ServerChecker(words, checkerMs);
  if (!words.some((word) => word.includes('{}'))) {
    throw new InputError(
      `--check-command: ${checker.text}: no {} says where the path of the image goes; add it`,
    );
  }
  return () => new CommandChecker(words, checkerMs);
}
