import { readFileSync } from 'node:fs';
import { Process } from '../../src/guests/programs/process.ts';
import { type EngineMaker, type ProgramSpec, programSpec } from '../../src/guests/programs/program-spec.ts';
import type { StartProgram } from '../../src/guests/programs/traced-program.ts';
import { translated } from './engines.ts';
import { inRepository } from './in-process.ts';

const FOLDER = 'fixtures/x86/programs';

/** Room for the pool of an example program, in bytes. */
const POOL_BYTES = 64 * 1024;

/** What the examples' processor made of a run: `pool` is what the file held afterwards. */
export interface NativeRun {
  readonly operations: number;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly pool: { readonly sizeBytes: number; readonly sha256: string };
}

/** How many images a loss of power on P1 can leave within these operations, and how many the program calls damaged. */
export interface NativeCrashes {
  readonly operations: number;
  readonly images: number;
  readonly violating: number;
}

const readJson = <T>(file: string): Readonly<Record<string, T>> =>
  JSON.parse(readFileSync(inRepository(`${FOLDER}/${file}`), 'utf8'));

/** By program: runs that followed each other on one pool. */
export const nativeRuns = readJson<readonly NativeRun[]>('native.json');
export const nativeCrashes = readJson<NativeCrashes>('crashes.json');

/** A run of an example program with so many operations, on a pool that it makes, or finds. */
export const exampleSpec = (name: string, operations: number, pool?: Uint8Array): ProgramSpec =>
  programSpec({
    executable: new Uint8Array(readFileSync(inRepository(`${FOLDER}/${name}.elf`))),
    path: `/${name}`,
    argv: [`/${name}`, '/pool', `${operations}`],
    persistentFiles: new Map([['/pool', { capacityBytes: POOL_BYTES, ...(pool && { contents: pool }) }]]),
    memoryBytes: 16 * 1024 * 1024,
  });

export const starterOf =
  (spec: ProgramSpec, engine: EngineMaker = translated): StartProgram =>
  (hooks) =>
    new Process(spec, engine, hooks);
