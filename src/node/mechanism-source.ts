import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../kernel/errors.ts';
import { shown } from '../kernel/event-table.ts';
import { allMechanisms } from '../mechanisms/all.ts';
import type { Mechanism, Scenario } from '../mechanisms/mechanism.ts';

const MODULE = /\.[cm]?[jt]s$/;
const FUNCTIONS = ['initial', 'evolve', 'decide', 'recover'] as const;
const LISTS = ['faults', 'invariants', 'mutants', 'scenarios', 'costs'] as const;
const RECORDS = ['policy', 'events', 'reference'] as const;

/** Whether an argument is the name of a mechanism or of a group of them, or looks like one and is no file. */
export const isMechanismName = (argument: string): boolean =>
  named(argument).length > 0 || (/^S\d+(\.\d+)?$/.test(argument) && !existsSync(argument));

/** Whether an argument is the path of a module, which may export a mechanism. */
export const isModule = (argument: string): boolean => MODULE.test(argument);

/** Those of this name, or of the group with this name: `S13` is all six of S13. */
const named = (name: string): Mechanism[] =>
  allMechanisms.filter((one) => one.name === name || one.name.startsWith(`${name}.`));

/** The mechanisms that an argument means. Throws `InputError` when there are none, or the module has none. */
export async function findMechanisms(argument: string): Promise<readonly Mechanism[]> {
  if (MODULE.test(argument)) return [await loadMechanism(argument)];
  const found = named(argument);
  if (found.length > 0) return found;
  const names = allMechanisms.map(({ name }) => name).join(', ');
  throw new InputError(
    `there is no mechanism ${argument}; there are ${names}, and modules such as ./own.mjs`,
  );
}

/** The one mechanism that an argument means. Throws `InputError` when there is none, or several. */
export async function findMechanism(argument: string): Promise<Mechanism> {
  const found = await findMechanisms(argument);
  if (found.length === 1) return found[0];
  throw new InputError(
    `${argument} is a group of mechanisms: give one of ${found.map(({ name }) => name).join(', ')}`,
  );
}

/** A scenario by its name; the first one without a name. Throws `InputError` where there is none. */
export function findScenario({ name, scenarios }: Mechanism, wanted?: string): Scenario {
  const found = wanted === undefined ? scenarios[0] : scenarios.find((scenario) => scenario.name === wanted);
  if (found !== undefined) return found;
  const names = scenarios.map((scenario) => scenario.name).join(', ');
  throw new InputError(
    wanted === undefined
      ? `${name} has no scenario to run`
      : `${name} has no scenario ${wanted}; it has ${names}`,
  );
}

/** The mechanism that a module exports as its default. Throws `InputError` where there is none. */
export async function loadMechanism(path: string): Promise<Mechanism> {
  const module = await importModule(path);
  const given = module['default'];
  if (typeof given !== 'object' || given === null)
    throw new InputError(`${path}: its default export must be a mechanism, not ${shown(given)}`);
  const members = given as Record<string, unknown>;
  const wrong = (member: string, wanted: string): never => {
    throw new InputError(`${path}: the mechanism’s ${member} must be ${wanted}`);
  };
  for (const member of ['name', 'title', 'source'])
    if (typeof members[member] !== 'string') wrong(member, 'a text');
  if (!Number.isSafeInteger(members['version'])) wrong('version', 'a whole number');
  for (const member of FUNCTIONS) if (typeof members[member] !== 'function') wrong(member, 'a function');
  for (const member of LISTS) if (!Array.isArray(members[member])) wrong(member, 'a list');
  for (const member of RECORDS)
    if (typeof members[member] !== 'object' || members[member] === null) wrong(member, 'an object');
  return given as Mechanism;
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  if (!existsSync(path)) throw new InputError(`cannot read ${path}: there is no such file`);
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new InputError(`cannot load ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
