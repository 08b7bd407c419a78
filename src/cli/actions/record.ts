import { InputError } from '../../kernel/errors.ts';
import { isMechanismName, isModule } from '../../node/mechanism-source.ts';
import type { Io } from '../session.ts';
import { type MechanismOptions, recordMechanism } from './record-mechanism.ts';
import { type ProgramOptions, recordProgram } from './record-program.ts';

export type RecordOptions = ProgramOptions & MechanismOptions;

const OF_PROGRAMS = ['seed', 'platform', 'evictions', 'drains', 'writeOuts'] as const;
const OF_MECHANISMS = ['scenario', 'mutant'] as const;

/** Runs a scripted program, or a scenario of a mechanism, and records it. */
export async function record(io: Io, what: string, options: RecordOptions): Promise<number> {
  if (options.json === true && options.output === '-')
    throw new InputError('standard output cannot take both --json and the recording: give -o a file');
  const isMechanism = isMechanismName(what) || isModule(what);
  for (const name of isMechanism ? OF_PROGRAMS : OF_MECHANISMS) {
    if (options[name] === undefined) continue;
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new InputError(
      isMechanism
        ? `${option} is of a program, and ${what} is a mechanism, which does the same each time: leave it out`
        : `${option} is of a mechanism, and ${what} is none; tearline list has their names`,
    );
  }
  return isMechanism ? recordMechanism(io, what, options) : recordProgram(io, what, options);
}
