import type { Engine } from '../../processor/engine.ts';
import type { Processor, Recorded } from '../../processor/processor.ts';

/** Everything that decides what a program does: the same specification gives the same run, instruction by instruction. */
export interface ProgramSpec {
  /** Bytes of a statically linked ELF file for x86-64. */
  readonly executable: Uint8Array;
  /** Its absolute path in the guest: AT_EXECFN, and where /proc/self/exe leads. */
  readonly path: string;
  /** Arguments with the name of the program first. */
  readonly argv: readonly string[];
  /** `NAME=value`, in this order. */
  readonly environment: readonly string[];
  /** What standard input holds, unless a hook reads it. */
  readonly stdin: Uint8Array;
  /** Which of standard input, output and error are terminals to the program, so that it writes lines at once. */
  readonly terminals: readonly (0 | 1 | 2)[];
  /** Files in volatile memory, by absolute path; directories are made as needed. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files on an NVDIMM, by absolute path. */
  readonly persistentFiles: ReadonlyMap<string, PersistentFileSpec>;
  /** Of all randomness: AT_RANDOM, getrandom, /dev/urandom. */
  readonly seed: bigint;
  /** Volatile memory of the guest: a multiple of 64 KiB, from 16 MiB to 1 GiB. */
  readonly memoryBytes: number;
  readonly recorded: Recorded;
}

/** A file on an NVDIMM. */
export interface PersistentFileSpec {
  /** Room on the NVDIMM: the file never gets larger. */
  readonly capacityBytes: number;
  /** What it holds; undefined when there is no such file yet and the program has to create it. */
  readonly contents?: Uint8Array;
}

/** Makes what runs the processor. */
export type EngineMaker = (processor: Processor) => Engine;

export const DEFAULT_MEMORY_BYTES = 256 * 1024 * 1024;

/** The environment of a program that is not given one. */
export const DEFAULT_ENVIRONMENT: readonly string[] = ['PATH=/usr/bin:/bin', 'HOME=/', 'LANG=C'];

/** A specification with the usual settings. */
export function programSpec(
  given: Pick<ProgramSpec, 'executable' | 'path' | 'argv'> & Partial<ProgramSpec>,
): ProgramSpec {
  return {
    environment: DEFAULT_ENVIRONMENT,
    stdin: new Uint8Array(0),
    terminals: [],
    files: new Map(),
    persistentFiles: new Map(),
    seed: 0n,
    memoryBytes: DEFAULT_MEMORY_BYTES,
    recorded: 'persistent',
    ...given,
  };
}
