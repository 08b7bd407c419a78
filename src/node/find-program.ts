import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InputError } from '../kernel/errors.ts';

/** Makes sure that a program can be started, before anything is. Throws `InputError` naming the option. */
export function requireProgram(name: string, option: string): void {
  const places = name.includes('/')
    ? [name]
    : (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, name));
  if (places.some(isExecutable)) return;
  const where = name.includes('/')
    ? 'no such program, or it is not executable'
    : 'no such program on the PATH';
  throw new InputError(`${option}: ${name}: ${where}; give the path of an executable file`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
