import { InputError } from '../../kernel/errors.ts';
import { decodeAt } from '../../processor/decode/decoder.ts';
import type { Engine, Leaving, Stop } from '../../processor/engine.ts';
import type { Trap } from '../../processor/lifted/form.ts';
import { GuestFault } from '../../processor/memory.ts';
import { Processor } from '../../processor/processor.ts';
import { R11, RAX, RBX, RCX, RDX } from '../../processor/registers.ts';
import { cpuid } from './cpuid.ts';
import { SystemError } from './errno.ts';
import { readFile } from './file-contents.ts';
import { resolve, walk } from './file-tree.ts';
import type {
  GuestProcess,
  PersistentPlace,
  ProcessEnd,
  ProcessHooks,
  ProgramPosition,
  RunResult,
} from './guest-process.ts';
import { Ended, Kernel, type KernelState, Paused } from './kernel.ts';
import { isFile, type Node } from './nodes.ts';
import { roundedToPages } from './persistent-area.ts';
import { faultSignal, trapSignal } from './processor-signals.ts';
import type { EngineMaker, ProgramSpec } from './program-spec.ts';
import { deliverPending, raise, returnFromHandler } from './signals.ts';
import { Arguments } from './system-calls/call.ts';
import { systemCallName } from './system-calls/names.ts';
import { systemCallHandler } from './system-calls/table.ts';
import { expireTimers, nextExpiry } from './timers.ts';

/** Of SYSCALL, CPUID and RDTSC. */
const LEAVING_BYTES = 2;
/** Behind all numbers of system calls; those from here on are told as one, so that a program cannot make up names for ever. */
const NUMBERS_MAX = 1024;
const BEYOND_BASELINE = 'beyond the baseline of x86-64: compile without -march; ';
const BEYOND_NUMBERS = `a system call from ${NUMBERS_MAX} on`;

/** A program that runs on an emulated processor and an emulated kernel: nothing that it does reaches the host but by hooks. */
export class Process implements GuestProcess {
  readonly processor: Processor;
  private readonly kernel: Kernel;
  private readonly engine: Engine;
  private kept: KernelState | undefined;
  /** Where the kernel acts, while it does. */
  private acting: ProgramPosition | undefined;

  /** Throws `InputError` when the program cannot be loaded. */
  constructor(
    spec: ProgramSpec,
    makeEngine: EngineMaker,
    private readonly hooks: ProcessHooks = {},
  ) {
    this.processor = new Processor(memoryBytesOf(spec), spec.recorded, (records) => {
      const { area, state } = this.kernel;
      area.note(state.area, records);
      this.hooks.operations?.(records);
    });
    this.kernel = new Kernel(this.processor, spec, hooks);
    this.engine = makeEngine(this.processor);
  }

  get end(): ProcessEnd | undefined {
    return this.kernel.state.end;
  }

  get systemCalls(): number {
    return this.kernel.state.systemCalls;
  }

  get unknownSystemCalls(): ReadonlyMap<string, number> {
    return this.kernel.state.unknownSystemCalls;
  }

  get position(): ProgramPosition {
    const { instructions, instructionPointer } = this.processor;
    return this.acting ?? { instructions, instructionPointer, isOfKernel: false };
  }

  run(untilInstructions: number, options: { readonly pauseAtPersistentFile?: boolean } = {}): RunResult {
    const { kernel, engine, processor } = this;
    kernel.pausesAtPersistentFile = options.pauseAtPersistentFile === true;
    try {
      while (kernel.state.end === undefined) {
        const expiry = nextExpiry(kernel);
        const stop = engine.run(processor, Math.min(untilInstructions, expiry));
        if (stop.why !== 'reached') {
          if (!this.handle(stop)) return 'paused';
          continue;
        }
        if (processor.instructions >= untilInstructions) return 'reached';
        this.interrupt(() => {
          expireTimers(kernel);
          deliverPending(kernel);
        });
      }
      return 'ended';
    } finally {
      processor.operations.drain();
    }
  }

  takeSnapshot(): void {
    this.processor.operations.drain();
    this.processor.memory.takeSnapshot();
    this.kept = structuredClone(this.kernel.state);
  }

  restore(): void {
    if (this.kept === undefined) throw new Error('there is no snapshot to go back to');
    this.processor.memory.restore();
    this.kernel.state = structuredClone(this.kept);
  }

  persistentFiles(): readonly PersistentPlace[] {
    const { area, state } = this.kernel;
    return area.rooms.map((room, index) => {
      const file = state.roomFiles[index];
      return { ...room, sizeBytes: file !== undefined && file.links > 0 ? file.sizeBytes : undefined };
    });
  }

  contents(path: string): Uint8Array | undefined {
    const node = this.find(path);
    return node === undefined || !isFile(node) ? undefined : readFile(this.kernel, node, 0, node.sizeBytes);
  }

  replacePersistentFile(path: string, contents: Uint8Array | undefined): void {
    const room = this.kernel.area.roomOf(path);
    if (room === undefined) throw new Error(`${path} is no persistent file`);
    this.kernel.setPersistentFile(room, contents);
  }

  filePaths(): readonly string[] {
    const found = [...walk(this.kernel.state.tree.root)].filter(([, node]) => isFile(node));
    return found.map(([path]) => path).sort();
  }

  private find(path: string): Node | undefined {
    const { tree } = this.kernel.state;
    try {
      return resolve(tree, tree.root, path, true).node;
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }

  /** Does what the processor left to its surroundings. Says whether to go on. */
  private handle(stop: Exclude<Stop, { why: 'reached' }>): boolean {
    const { kernel, processor } = this;
    switch (stop.why) {
      case 'trapped':
        this.interrupt(() => raise(kernel, trapSignal(processor, this.nameOf(stop.trap), stop.trap)));
        return true;
      case 'faulted':
        this.interrupt(() => raise(kernel, faultSignal(kernel, stop.fault)));
        return true;
      case 'left':
        return this.leave(stop.to);
    }
  }

  /** Counts as an instruction: a run can stop before a signal is delivered, and before its handler does anything. */
  private interrupt(deliver: () => void): void {
    const { kernel, processor } = this;
    const { instructions, instructionPointer } = processor;
    this.actAt({ instructions, instructionPointer, isOfKernel: true }, deliver);
    if (kernel.state.end === undefined) processor.instructions += 1;
  }

  private leave(to: Leaving): boolean {
    const { processor } = this;
    const instructions = processor.instructions - 1;
    const instructionPointer = processor.instructionPointer - LEAVING_BYTES;
    let goesOn = true;
    this.actAt({ instructions, instructionPointer, isOfKernel: true }, () => {
      if (to === 'cpuid') this.cpuid();
      else if (to === 'rdtsc') this.readClock();
      else goesOn = this.systemCall();
    });
    return goesOn;
  }

  /** Does what surrounds the processor has to do at an instruction, so that records of it are told as such. */
  private actAt(position: ProgramPosition, act: () => void): void {
    const { kernel } = this;
    kernel.drain();
    this.acting = position;
    act();
    kernel.drain();
    this.acting = undefined;
  }

  private readClock(): void {
    const value = BigInt.asUintN(64, this.kernel.sinceStartNs);
    this.setPair(RAX, RDX, value);
    this.hooks.told?.({ what: 'clock', value });
  }

  private cpuid(): void {
    const { processor } = this;
    const low = (register: number): number => Number(BigInt.asUintN(32, processor.general(register)));
    const [leaf, subleaf] = [low(RAX), low(RCX)];
    const answer = cpuid(leaf, subleaf);
    const { eax, ebx, ecx, edx } = answer;
    processor.setGeneral(RAX, BigInt(eax));
    processor.setGeneral(RBX, BigInt(ebx));
    processor.setGeneral(RCX, BigInt(ecx));
    processor.setGeneral(RDX, BigInt(edx));
    this.hooks.told?.({ what: 'cpuid', leaf, subleaf, ...answer });
  }

  private setPair(low: number, high: number, value: bigint): void {
    this.processor.setGeneral(low, BigInt.asUintN(32, value));
    this.processor.setGeneral(high, BigInt.asUintN(32, value >> 32n));
  }

  /** False when it was not done because a pause was asked for. */
  private systemCall(): boolean {
    const { kernel, processor } = this;
    const { state } = kernel;
    const number = Number(BigInt.asUintN(32, processor.general(RAX)));
    const name = systemCallName(number) ?? (number < NUMBERS_MAX ? `system call ${number}` : BEYOND_NUMBERS);
    const given = new Arguments(kernel);
    const returnAddress = processor.instructionPointer;
    const handler = systemCallHandler(name);
    let result = 0n;
    if (name === 'rt_sigreturn') returnFromHandler(kernel);
    else {
      try {
        if (handler === undefined) throw new SystemError('ENOSYS');
        result = BigInt.asIntN(64, BigInt(handler(kernel, given)));
      } catch (error) {
        if (error instanceof Paused) {
          processor.instructionPointer = returnAddress - LEAVING_BYTES;
          processor.instructions -= 1;
          return false;
        }
        if (error instanceof SystemError) result = BigInt(-error.number);
        else if (error instanceof Ended) state.end = error.end;
        else throw error;
      }
      processor.setGeneral(RAX, BigInt.asUintN(64, result));
      processor.setGeneral(RCX, BigInt(returnAddress));
      processor.setGeneral(R11, BigInt(processor.flags));
    }
    state.systemCalls++;
    const isKnown = handler !== undefined || name === 'rt_sigreturn';
    if (!isKnown) state.unknownSystemCalls.set(name, (state.unknownSystemCalls.get(name) ?? 0) + 1);
    if (this.hooks.systemCalled !== undefined) {
      kernel.drain();
      const { values } = given;
      const clockNs = kernel.sinceStartNs;
      this.hooks.systemCalled({
        number,
        name,
        arguments: values,
        result,
        isKnown,
        clockNs,
        returnAddress,
      });
    }
    if (state.end === undefined) {
      expireTimers(kernel);
      deliverPending(kernel);
    }
    return true;
  }

  /** The instruction that cannot be executed, for people. */
  private nameOf(trap: Trap): string {
    if (trap !== 'invalid opcode') return trap;
    const { memory, instructionPointer } = this.processor;
    try {
      const { mnemonic, lengthBytes } = decodeAt(memory, instructionPointer);
      const bytes = memory.bytes.subarray(instructionPointer, instructionPointer + lengthBytes);
      const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const hint = /^(ud|\(bad\)|invalid)/i.test(mnemonic) ? '' : BEYOND_BASELINE;
      return `illegal instruction ${mnemonic} (${hint}bytes ${digits})`;
    } catch (error) {
      if (error instanceof GuestFault) return 'illegal instruction';
      throw error;
    }
  }
}

const MIB = 2 ** 20;
const MEMORY_STEP_BYTES = 65536;
const MEMORY_BYTES_MIN = 16 * MIB;
const MEMORY_BYTES_MAX = 1024 * MIB;
/** Of the NVDIMM. */
const PERSISTENT_BYTES_MAX = 1024 * MIB;

/** Of the volatile part and the NVDIMM. Throws `InputError`. */
function memoryBytesOf({ memoryBytes, persistentFiles }: ProgramSpec): number {
  const isInRange = memoryBytes >= MEMORY_BYTES_MIN && memoryBytes <= MEMORY_BYTES_MAX;
  if (!isInRange || memoryBytes % MEMORY_STEP_BYTES !== 0) {
    throw new InputError(
      `a guest cannot have ${memoryBytes} bytes of memory; give it a multiple of 64 KiB from 16 MiB to 1 GiB`,
    );
  }
  let persistentBytes = 0;
  for (const [path, { capacityBytes, contents }] of persistentFiles) {
    if (!Number.isSafeInteger(capacityBytes) || capacityBytes < 1) {
      throw new InputError(`${path}: cannot have room for ${capacityBytes} bytes; give at least 1`);
    }
    if (contents !== undefined && contents.length > capacityBytes) {
      throw new InputError(
        `${path}: holds ${contents.length} bytes, more than its room of ${capacityBytes}; give it more`,
      );
    }
    persistentBytes += roundedToPages(capacityBytes);
  }
  if (persistentBytes > PERSISTENT_BYTES_MAX) {
    throw new InputError(
      `files on persistent memory take ${Math.ceil(persistentBytes / MIB)} MiB, more than 1 GiB; give them less room`,
    );
  }
  return memoryBytes + Math.ceil(persistentBytes / MEMORY_STEP_BYTES) * MEMORY_STEP_BYTES;
}
