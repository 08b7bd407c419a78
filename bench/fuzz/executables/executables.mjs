// What must hold when damaged executables are run: an error of one line, or a guest that ends or runs on; nothing else. The
// modules under test are handed in, so that tests run the sources and the command runs what was built.

import { readdirSync, readFileSync } from 'node:fs';
import { draws } from '../mutate.mjs';
import { mutatedExecutable } from './mutate.mjs';

/**
 * @typedef {{
 *   process: typeof import('../../../src/guests/programs/process.ts'),
 *   spec: typeof import('../../../src/guests/programs/program-spec.ts'),
 *   names: typeof import('../../../src/guests/programs/instruction-names.ts'),
 *   lifter: typeof import('../../../src/processor/lifter.ts'),
 *   translator: typeof import('../../../src/processor/translator/translator.ts'),
 * }} Modules
 * @typedef {{ result: string, problem: string | undefined, bytes: Uint8Array }} Tried
 */

const ROOT = new URL('../../../fixtures/x86/', import.meta.url);
const MESSAGE_LENGTH_MAX = 600;
const MEMORY_BYTES = 16 * 1024 * 1024;

/** The executables that are damaged, by path. */
export const originals = () =>
  readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.elf'))
    .sort()
    .map((path) => new Uint8Array(readFileSync(new URL(path, ROOT))));

/**
 * Runs one damaged executable and has its instructions named.
 *
 * @param {Modules} modules
 * @param {readonly Uint8Array[]} from
 * @param {{ seed: number, index: number, instructions: number }} options
 * @returns {Tried}
 */
export function tryExecutable(modules, from, { seed, index, instructions }) {
  const draw = draws(seed * 1_000_003 + index);
  const bytes = mutatedExecutable(from[draw(from.length)], draw);
  // As in ordinary runs, or everything translated at once.
  const executionsMin = draw(32) === 0 ? 1 : 30;
  const isPersistent = draw(4) === 0;
  try {
    const result = run(modules, bytes, instructions, executionsMin, isPersistent);
    return { result, problem: undefined, bytes };
  } catch (error) {
    return { result: 'refused', problem: problemOf(error), bytes };
  }
}

/**
 * @param {Modules} modules
 * @param {Uint8Array} executable
 * @param {number} instructions
 * @param {number} executionsMin
 * @param {boolean} isPersistent
 * @returns {string} how it ended
 */
function run(
  { process, spec, names, lifter, translator },
  executable,
  instructions,
  executionsMin,
  isPersistent,
) {
  const given = spec.programSpec({
    executable,
    path: '/bin/program',
    argv: ['program', 'pool', '3'],
    memoryBytes: MEMORY_BYTES,
    stdin: new TextEncoder().encode('put a 1\nget a\n'),
    ...(isPersistent && { persistentFiles: new Map([['/pool', { capacityBytes: 65536 }]]) }),
  });
  const guest = new process.Process(
    given,
    (processor) =>
      new translator.Translator(new lifter.CodeCache(processor.memory), processor, { executionsMin }),
  );
  guest.run(instructions);
  const at = guest.processor.instructionPointer;
  names.instructionNames(executable)(at);
  names.describeInstruction(executable, at);
  guest.processor.describe();
  return guest.end?.why ?? 'runs';
}

/**
 * Nothing for an error that is meant for users.
 *
 * @param {unknown} error
 */
function problemOf(error) {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const { name, message, stack } = error;
  if (name !== 'InputError') return stack ?? message;
  const isLine = !message.includes('\n') && message.length <= MESSAGE_LENGTH_MAX;
  return isLine ? undefined : `not one line: ${message.slice(0, MESSAGE_LENGTH_MAX)}`;
}
