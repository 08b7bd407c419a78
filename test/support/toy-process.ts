import type {
  GuestProcess,
  PersistentPlace,
  ProcessEnd,
  ProcessHooks,
  ProgramPosition,
  RunResult,
} from '../../src/guests/programs/guest-process.ts';
import { PAGE_BYTES, PERSISTENT, READABLE, WRITABLE } from '../../src/processor/memory.ts';
import { Processor } from '../../src/processor/processor.ts';

const POOL = 0x10000;
const POOL_BYTES = PAGE_BYTES;

/** What a toy program can do: words of a pool by their offsets, each an instruction of its own. */
export interface ToyCore {
  load(offset: number): bigint;
  store(offset: number, value: bigint): void;
  flush(offset: number): void;
  fence(): void;
  persist(offset: number): void;
  print(line: string): void;
}

/** Returns its exit status. */
export type ToyProgram = (core: ToyCore) => number;

class OutOfBudget extends Error {}

/** A process whose program is a function, with one file `/pool` of a page on an NVDIMM: what surrounds it is a real processor. */
export class ToyProcess implements GuestProcess {
  readonly processor: Processor;
  end: ProcessEnd | undefined;
  readonly unknownSystemCalls = new Map<string, number>();
  readonly systemCalls = 0;
  runs = 0;
  private exists = false;

  constructor(
    private readonly program: ToyProgram,
    private readonly hooks: ProcessHooks,
  ) {
    this.processor = new Processor(1 << 17, 'persistent', (records) => hooks.operations?.(records));
    this.processor.memory.map(POOL, POOL_BYTES, READABLE | WRITABLE | PERSISTENT);
  }

  get position(): ProgramPosition {
    const { instructions, instructionPointer } = this.processor;
    return { instructions, instructionPointer, isOfKernel: false };
  }

  run(untilInstructions: number, options?: { readonly pauseAtPersistentFile?: boolean }): RunResult {
    if (options?.pauseAtPersistentFile === true) return 'paused';
    this.runs++;
    try {
      if (!this.exists) this.resize();
      this.end = { why: 'exited', status: this.program(this.core(untilInstructions)) };
    } catch (error) {
      if (error instanceof OutOfBudget) return 'reached';
      throw error;
    }
    return 'ended';
  }

  takeSnapshot(): void {
    this.processor.memory.takeSnapshot();
  }

  restore(): void {
    this.processor.memory.restore();
    this.end = undefined;
  }

  persistentFiles(): readonly PersistentPlace[] {
    const sizeBytes = this.exists ? POOL_BYTES : undefined;
    return [{ path: '/pool', address: POOL, capacityBytes: POOL_BYTES, sizeBytes }];
  }

  contents(): Uint8Array | undefined {
    return this.exists ? this.processor.memory.bytes.slice(POOL, POOL + POOL_BYTES) : undefined;
  }

  replacePersistentFile(_path: string, contents: Uint8Array | undefined): void {
    const { memory } = this.processor;
    memory.prepareStore(POOL, POOL_BYTES);
    memory.bytes.fill(0, POOL, POOL + POOL_BYTES);
    if (contents !== undefined) memory.bytes.set(contents, POOL);
    this.exists = contents !== undefined;
  }

  filePaths(): readonly string[] {
    return ['/pool'];
  }

  private resize(): void {
    this.exists = true;
    this.hooks.persistentResized?.('/pool', POOL_BYTES);
  }

  private core(untilInstructions: number): ToyCore {
    const { processor } = this;
    const step = (): void => {
      if (processor.instructions >= untilInstructions) throw new OutOfBudget();
      processor.instructions++;
      processor.instructionPointer = 0x1000 + processor.instructions;
    };
    const core: ToyCore = {
      load: (offset) => {
        step();
        return processor.load(BigInt(POOL + offset), 8);
      },
      store: (offset, value) => {
        step();
        processor.store(BigInt(POOL + offset), 8, value);
      },
      flush: (offset) => {
        step();
        processor.flush('clwb', BigInt(POOL + offset));
      },
      fence: () => {
        step();
        processor.fence('sfence');
      },
      persist: (offset) => {
        core.flush(offset);
        core.fence();
      },
      print: (line) => {
        step();
        processor.operations.drain();
        this.hooks.written?.(1, new TextEncoder().encode(`${line}\n`));
      },
    };
    return core;
  }
}
