import type { Verdict } from '../explore/verdict.ts';
import { InputError } from '../kernel/errors.ts';
import type { CheckerSpec } from './campaign-spec.ts';
import { CommandChecker } from './command-checker.ts';
import { commandWords } from './command-words.ts';
import { requireProgram } from './find-program.ts';
import { ServerChecker } from './server-checker.ts';

/** A checker outside of this process. One serves one worker. */
export interface ProcessChecker {
  /** Rejects with `InputError` when it cannot be started at all. */
  judge(imagePath: string, promise: unknown): Promise<Verdict>;
  /** Ends what runs, at once. */
  close(): void;
}

/** Makes checkers that are processes; undefined for modules. Throws `InputError` for a command that cannot be run. */
export function processCheckers(
  checker: CheckerSpec | undefined,
  checkerMs: number,
): (() => ProcessChecker) | undefined {
  if (checker === undefined || checker.kind === 'module') return undefined;
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
