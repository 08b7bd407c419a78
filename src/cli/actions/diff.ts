import { existsSync } from 'node:fs';
import { InputError } from '../../kernel/errors.ts';
import { openAnyRun } from '../../node/any-run.ts';
import type { Mark } from '../../node/fold-run.ts';
import type { MechanismRun } from '../../node/mechanism-run.ts';
import type { RunFile } from '../../node/run-file.ts';
import type { Io } from '../session.ts';
import { parseMark } from '../values.ts';
import { diffMechanismRuns, diffMechanismStates } from './diff-mechanisms.ts';
import { diffMemoryRuns, diffMemoryStates } from './diff-memory.ts';
import type { DiffOptions } from './diff-parts.ts';

/** Two recordings, or two places. */
export async function diff(io: Io, a: string, b: string, options: DiffOptions): Promise<number> {
  const [one, other] = [placeInRun(a), placeInRun(b)];
  if (one.path === '-' && other.path === '-')
    throw new InputError('standard input is read once: give at least one file');
  if ((one.mark === undefined) !== (other.mark === undefined))
    throw new InputError(`compare a place with a place: ${one.mark ? b : a} needs @N behind it, too`);
  const open = (path: string): Promise<RunFile | MechanismRun> =>
    openAnyRun(path, io.stdin, { module: options.mechanism });
  const left = await open(one.path);
  const right = await open(other.path);
  const marks = one.mark && other.mark && ([one.mark, other.mark] as const);
  if ('mechanism' in left && 'mechanism' in right && left.mechanism.name === right.mechanism.name) {
    return marks === undefined
      ? diffMechanismRuns(io, [left, right], options)
      : diffMechanismStates(io, [a, b], placesIn([left, right], marks), options);
  }
  if ('mechanism' in left || 'mechanism' in right) {
    throw new InputError(
      `${left.name} is a run of ${left.header.model}, and ${right.name} of ${right.header.model}: they have nothing to compare`,
    );
  }
  return marks === undefined
    ? diffMemoryRuns(io, [left, right], options)
    : diffMemoryStates(io, [a, b], placesIn([left, right], marks), options);
}

const placesIn = <Run>(runs: readonly [Run, Run], marks: readonly [Mark, Mark]) =>
  [
    { run: runs[0], mark: marks[0] },
    { run: runs[1], mark: marks[1] },
  ] as const;

/** `FILE@N`, unless a file has just that name. */
function placeInRun(text: string): { path: string; mark: Mark | undefined } {
  const parts = /^(.+)@(-?\d+|end)$/.exec(text);
  if (parts === null || existsSync(text)) return { path: text, mark: undefined };
  return { path: parts[1], mark: parseMark(parts[2]) };
}
