import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Checker, PromiseFold } from '../explore/verdict.ts';
import { InputError } from '../kernel/errors.ts';

export interface ModuleChecker {
  readonly check: Checker;
  readonly promise: PromiseFold | undefined;
}

/** Imports a checker module. Throws `InputError` when it cannot be imported, or has no checker. */
export async function importChecker(path: string): Promise<ModuleChecker> {
  const refuse = (why: string): never => {
    throw new InputError(`checker ${path}: ${why}`);
  };
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    return refuse(`it cannot be imported: ${firstLine(error)}`);
  }
  const { default: check, promise } = module;
  if (typeof check !== 'function') {
    refuse('its default export is no function; write `export default function check(image, context) { … }`');
  }
  if (promise !== undefined && typeof promise !== 'function') {
    refuse('its export `promise` is no function; write `export function promise(previous, marker) { … }`');
  }
  return { check: check as Checker, promise: promise as PromiseFold | undefined };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0];
