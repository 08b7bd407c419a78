import type { Operations } from '../../processor/operations.ts';
import type { Processor } from '../../processor/processor.ts';
import type { CpuidLeaf } from './cpuid.ts';

/** How a process ended. */
export type ProcessEnd =
  | { readonly why: 'exited'; readonly status: number }
  | {
      readonly why: 'killed';
      /** As in Linux: 11 is SIGSEGV. */
      readonly signal: number;
      readonly signalName: string;
      /** What happened and where, for people; undefined when the process sent the signal itself. */
      readonly reason: string | undefined;
    }
  /** It waits for what never comes: nothing else runs that could wake it. */
  | { readonly why: 'blocked'; readonly reason: string }
  /** It asked for what a guest cannot have yet, such as a second thread. */
  | { readonly why: 'unsupported'; readonly reason: string };

/** Why a run returned. */
export type RunResult =
  /** As many instructions are executed as were asked for. */
  | 'reached'
  /** The next system call is the first one that looks at a file on an NVDIMM. Nothing of it has happened. */
  | 'paused'
  | 'ended';

/** A system call that is done. */
export interface SystemCall {
  readonly number: number;
  /** As in Linux; `system call 999` for a number that has none. */
  readonly name: string;
  /** The six arguments, unsigned, whether or not the call takes so many. */
  readonly arguments: readonly bigint[];
  /** As in rax, signed: an error is the negative of its number. */
  readonly result: bigint;
  /** False when tearline does not have it: the program was told ENOSYS. */
  readonly isKnown: boolean;
  /** Virtual time since the program started, when it is done. */
  readonly clockNs: bigint;
  /** Address behind the instruction. */
  readonly returnAddress: number;
}

/** Something that comes to a program from outside, and that only the seed and its own instructions decide. */
export type ToldFact =
  /** The time-stamp counter. */
  | { readonly what: 'clock'; readonly value: bigint }
  /** CPUID: what was asked, and the answer. */
  | ({ readonly what: 'cpuid'; readonly leaf: number; readonly subleaf: number } & CpuidLeaf)
  | { readonly what: 'random'; readonly bytes: Uint8Array }
  /** A signal that has its handler run next. */
  | { readonly what: 'signal'; readonly number: number; readonly handler: bigint };

/** Where what happens now comes from. */
export interface ProgramPosition {
  /** Instructions executed before. */
  readonly instructions: number;
  readonly instructionPointer: number;
  /** It is not the instruction that stores, but the kernel, in a system call or to deliver a signal. */
  readonly isOfKernel: boolean;
}

/** Pages of a file on an NVDIMM that the program can reach at addresses of its own. */
export interface PersistentMapping {
  readonly path: string;
  /** Virtual address of the first page. */
  readonly address: number;
  readonly sizeBytes: number;
  readonly fileOffset: number;
}

/**
 * What a process tells while it runs, in the order in which it happens: records of operations always come before what
 * follows them.
 */
export interface ProcessHooks {
  /** Stores to persistent memory (or all of them), flushes and fences. They are overwritten afterwards. */
  operations?(records: Operations): void;
  systemCalled?(call: SystemCall): void;
  told?(fact: ToldFact): void;
  /** Bytes written to standard output (1) or standard error (2). They are the hook's own. A `SystemError` that it throws fails the call. */
  written?(descriptor: 1 | 2, bytes: Uint8Array): void;
  persistentMapped?(mapping: PersistentMapping): void;
  /** A file on an NVDIMM came to be, got another size, or (undefined) was removed. */
  persistentResized?(path: string, sizeBytes: number | undefined): void;
  /** Reads standard input in place of the specification's: at most so many bytes, none at its end. */
  readInput?(sizeBytes: number): Uint8Array;
}

/** Where a file on an NVDIMM lies in the address space of the guest, for good; its contents are in guest memory there. */
export interface PersistentPlace {
  readonly path: string;
  readonly address: number;
  readonly capacityBytes: number;
  /** Undefined when there is no such file at present. */
  readonly sizeBytes: number | undefined;
}

/** A running program. */
export interface GuestProcess {
  readonly processor: Processor;
  /** Undefined as long as it runs. */
  readonly end: ProcessEnd | undefined;
  /** How often each system call that tearline does not have was asked for, by name. */
  readonly unknownSystemCalls: ReadonlyMap<string, number>;
  readonly systemCalls: number;
  /** In a hook: of the instruction that has it called. */
  readonly position: ProgramPosition;

  /**
   * Runs on until so many instructions have been executed in all, or it ends. With `pauseAtPersistentFile` also until the
   * program is about to look at a file on an NVDIMM for the first time: at its name, its size or its contents.
   */
  run(untilInstructions: number, options?: { readonly pauseAtPersistentFile?: boolean }): RunResult;

  /** Keeps everything as it is now, to go back to as often as wanted. Replaces an earlier snapshot. */
  takeSnapshot(): void;
  restore(): void;

  /** In the order of the specification. */
  persistentFiles(): readonly PersistentPlace[];
  /** A copy of what a file holds, of either kind; undefined when there is none. */
  contents(path: string): Uint8Array | undefined;
  /** Gives a file on an NVDIMM other contents (undefined: no file), as if a machine had left them. Records nothing. */
  replacePersistentFile(path: string, contents: Uint8Array | undefined): void;
  /** Absolute paths of all regular files, sorted. */
  filePaths(): readonly string[];
}
