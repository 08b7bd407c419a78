// Runs programs as guests, in the built package.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ENVIRONMENT } from './outcome.mjs';

const POOL_BYTES = 2 ** 20;

/**
 * The modules that it takes from the built package.
 * @typedef {object} Modules
 * @property {typeof import('../../src/guests/programs/program-spec.ts').programSpec} programSpec
 * @property {typeof import('../../src/node/program-starter.ts').programStarter} programStarter
 * @property {typeof import('../../src/processor/layout.ts').LAYOUT} LAYOUT
 * @property {typeof import('../../src/processor/layout.ts').OPERATION_BYTES} OPERATION_BYTES
 */

/**
 * @param {string} directory where the built package is, from the root of the project
 * @returns {Promise<Modules>}
 */
export async function builtModules(directory) {
  /** @param {string} path */
  const built = (path) => import(new URL(`../../${directory}/${path}.js`, import.meta.url).href);
  const { programSpec } = await built('guests/programs/program-spec');
  const { programStarter } = await built('node/program-starter');
  const { LAYOUT, OPERATION_BYTES } = await built('processor/layout');
  return { programSpec, programStarter, LAYOUT, OPERATION_BYTES };
}

/**
 * @typedef {import('./outcome.mjs').Outcome & {
 *   readonly instructions: number;
 *   readonly operations: ReadonlyMap<string, number>;
 *   readonly unknownSystemCalls: readonly string[];
 * }} GuestOutcome
 */

/**
 * Runs a program as a guest that has an NVDIMM with room for `/pool`.
 * @param {Modules} modules
 * @param {import('./outcome.mjs').Given} given
 * @param {number} instructionsMax
 * @returns {GuestOutcome} with how often each kind of operation was recorded. What a system call does to persistent memory,
 * such as the fence of `msync`, tells the address behind the SYSCALL instruction
 */
export function runGuest(modules, given, instructionsMax) {
  const spec = specOf(modules, given, 'persistent');
  /** @type {Record<1 | 2, Uint8Array[]>} */
  const written = { 1: [], 2: [] };
  /** @type {Map<string, number>} */
  const operations = new Map();
  const process = modules.programStarter(spec)({
    written: (descriptor, bytes) => {
      written[descriptor].push(bytes);
    },
    operations: (records) => {
      for (let place = 0; place < records.count; place++) {
        const { kind, instruction } = records.record(place);
        const { bytes } = process.processor.memory;
        const isOfSystemCall = bytes[instruction - 2] === 0x0f && bytes[instruction - 1] === 0x05;
        const name = isOfSystemCall ? `${kind} of a system call` : kind;
        operations.set(name, (operations.get(name) ?? 0) + 1);
      }
    },
  });
  process.run(instructionsMax);
  const left = process.filePaths().filter((path) => path !== spec.path);
  return {
    end: endOf(process.end),
    stdout: Buffer.concat(written[1]),
    stderr: Buffer.concat(written[2]),
    files: new Map(left.map((path) => [path.slice(1), Buffer.from(process.contents(path) ?? [])])),
    instructions: process.processor.instructions,
    operations,
    unknownSystemCalls: [...process.unknownSystemCalls.keys()],
  };
}

/**
 * SHA-256 of all that a run does: every store, flush and fence, its output, and the registers in the end.
 * @param {Modules} modules
 * @param {import('./outcome.mjs').Given} given
 * @param {number} instructionsMax
 */
export function digestOfRun(modules, given, instructionsMax) {
  const { LAYOUT, OPERATION_BYTES } = modules;
  const hash = createHash('sha256');
  const process = modules.programStarter(specOf(modules, given, 'stores'))({
    written: (_, bytes) => {
      hash.update(bytes);
    },
    operations: (records) => {
      const { bytes, ownAt } = process.processor.memory;
      const start = ownAt + LAYOUT.operations;
      hash.update(bytes.subarray(start, start + records.count * OPERATION_BYTES));
    },
  });
  process.run(instructionsMax);
  const { processor } = process;
  const registers = [...Array(16).keys()];
  hash.update(
    [
      endOf(process.end),
      processor.instructions,
      processor.instructionPointer,
      processor.flags,
      processor.mxcsr,
      ...registers.map((register) => processor.general(register)),
      ...registers.map((register) => processor.vector(register)),
    ].join(),
  );
  return hash.digest('hex');
}

/**
 * @param {Modules} modules
 * @param {import('./outcome.mjs').Given} given
 * @param {import('../../src/processor/processor.ts').Recorded} recorded
 */
const specOf = ({ programSpec }, { executable, argv, stdin }, recorded) =>
  programSpec({
    executable: new Uint8Array(readFileSync(executable)),
    path: `/${argv[0]}`,
    argv,
    environment: Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`),
    stdin: new Uint8Array(stdin),
    persistentFiles: new Map([['/pool', { capacityBytes: POOL_BYTES }]]),
    memoryBytes: 64 * 2 ** 20,
    recorded,
  });

/** @param {import('../../src/guests/programs/guest-process.ts').ProcessEnd | undefined} end */
function endOf(end) {
  if (end === undefined) return 'no end';
  switch (end.why) {
    case 'exited':
      return `status ${end.status}`;
    case 'killed':
      return end.signalName;
    default:
      return `${end.why}: ${end.reason}`;
  }
}
