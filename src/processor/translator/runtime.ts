import { helpers } from '../helpers/table.ts';
import { LAYOUT } from '../layout.ts';
import { GuestFault, TRANSLATED } from '../memory.ts';
import type { Processor } from '../processor.ts';
import { ARITHMETIC_FLAGS, CF } from '../registers.ts';
import type { FlagMutant } from './flag-code.ts';
import { callFloat } from './float-call.ts';
import { defineFloatFunction, type RoundingFloat } from './float-functions.ts';
import { type Imports, RUNTIME, type RuntimeFunction } from './imports.ts';
import { HOW } from './memory-code.ts';
import { IMPORTED, ModuleBuilder } from './module.ts';
import { recorderCode } from './record-code.ts';
import { resolverCode } from './resolver.ts';

const compiled = (module: ModuleBuilder): WebAssembly.Module => new WebAssembly.Module(module.bytes());

const resolverModules = new Map<FlagMutant | undefined, WebAssembly.Module>();

/** Compiled once: it is the same for all processors. */
function resolverModule(mutant: FlagMutant | undefined): WebAssembly.Module {
  const known = resolverModules.get(mutant);
  if (known !== undefined) return known;
  const builder = new ModuleBuilder(0);
  builder.define(RUNTIME.resolve, [], resolverCode(ARITHMETIC_FLAGS, mutant), 'resolve');
  builder.define(RUNTIME.carry, [], resolverCode(CF, mutant), 'carry');
  const made = compiled(builder);
  resolverModules.set(mutant, made);
  return made;
}

const DONE = 0;
const GIVEN_UP = 1;

/** The unit of a memory. */
const WASM_PAGE_BYTES = 65536;

/** What regions call outside themselves: whatever is rare, in JavaScript; and the resolver of flags. */
export class Runtime {
  private readonly functions: Readonly<Record<RuntimeFunction, WebAssembly.ImportValue>>;
  private readonly helpers = new Map<string, WebAssembly.ImportValue>();
  private readonly floats = new Map<string, WebAssembly.ImportValue>();

  constructor(
    private readonly processor: Processor,
    mutant: FlagMutant | undefined,
  ) {
    const resolvers = new WebAssembly.Instance(resolverModule(mutant)).exports;
    const drain = (): void => this.processor.operations.drain();
    this.functions = {
      load: (address: bigint, sizeBytes: number) => this.load(address, sizeBytes),
      store: (address: bigint, sizeBytes: number, how: number, instruction: number, position: bigint) =>
        this.store(address, sizeBytes, how, instruction, position),
      drain,
      record: this.recorder(drain),
      float: (code: number) => callFloat(this.processor, code),
      resolve: resolvers['resolve'],
      carry: resolvers['carry'],
    };
  }

  /** An empty module for this memory. */
  newModule(): ModuleBuilder {
    return new ModuleBuilder(this.processor.memory.linear.buffer.byteLength / WASM_PAGE_BYTES);
  }

  /** Compiles a module and gives what it exports. */
  instantiate(module: ModuleBuilder, imports: Imports): WebAssembly.Exports {
    const fields: Record<string, WebAssembly.ImportValue> = { ...this.functions };
    for (const [field, { helper }] of imports.helpers) fields[field] = this.helper(helper);
    for (const [field, { float }] of imports.floats) fields[field] = this.float(field, float);
    return this.instance(module, fields);
  }

  /** The same for a module that imports nothing but memory and what is given. */
  instance(
    built: ModuleBuilder,
    fields: Readonly<Record<string, WebAssembly.ImportValue>>,
  ): WebAssembly.Exports {
    const imported = { ...fields, [IMPORTED.memory]: this.processor.memory.linear };
    return new WebAssembly.Instance(compiled(built), { [IMPORTED.module]: imported }).exports;
  }

  private float(name: string, float: RoundingFloat): WebAssembly.ImportValue {
    const known = this.floats.get(name);
    if (known !== undefined) return known;
    const module = this.newModule();
    defineFloatFunction(module, float, this.processor.memory.ownAt);
    const made = this.instance(module, {})[name];
    this.floats.set(name, made);
    return made;
  }

  private recorder(drain: () => void): WebAssembly.ImportValue {
    const module = this.newModule();
    const drainIndex = module.import('drain', RUNTIME.drain);
    const code = recorderCode(this.processor.memory.ownAt, drainIndex);
    module.define(RUNTIME.record, ['i32', 'i32'], code, 'record');
    return this.instance(module, { drain })['record'];
  }

  private helper(name: string): WebAssembly.ImportValue {
    const known = this.helpers.get(name);
    if (known !== undefined) return known;
    const helper = helpers[name];
    const made = (...operands: never[]): number | bigint | undefined => helper(this.processor, ...operands);
    this.helpers.set(name, made);
    return made;
  }

  private load(address: bigint, sizeBytes: number): number {
    const { processor } = this;
    return attempt(() => {
      const value = processor.load(BigInt.asUintN(64, address), sizeBytes);
      const { view, ownAt } = processor.memory;
      view.setBigUint64(ownAt + LAYOUT.scratch, BigInt.asUintN(64, value), true);
      view.setBigUint64(ownAt + LAYOUT.scratch + 8, value >> 64n, true);
    });
  }

  /** A store to code is given up, so that it is executed outside the code that it changes. */
  private store(
    signedAddress: bigint,
    sizeBytes: number,
    how: number,
    instruction: number,
    position: bigint,
  ): number {
    const { processor } = this;
    const { memory } = processor;
    const address = BigInt.asUintN(64, signedAddress);
    const scratch = memory.ownAt + LAYOUT.scratch;
    this.setPosition(instruction, position);
    const low = memory.view.getBigUint64(scratch, true);
    const high = sizeBytes === 16 ? memory.view.getBigUint64(scratch + 8, true) : 0n;
    const value = BigInt.asUintN(8 * sizeBytes, low | (high << 64n));
    const result = this.touchesCode(address, sizeBytes)
      ? GIVEN_UP
      : attempt(() => processor.store(address, sizeBytes, value, (how & HOW.nonTemporal) !== 0));
    if (result === GIVEN_UP && (how & HOW.afterFence) !== 0) processor.operations.takeBack();
    return result;
  }

  private touchesCode(address: bigint, sizeBytes: number): boolean {
    const { attributes, sizeBytes: memoryBytes } = this.processor.memory;
    if (address + BigInt(sizeBytes) > BigInt(memoryBytes)) return false;
    const at = Number(address);
    return ((attributes[at >>> 12] | attributes[(at + sizeBytes - 1) >>> 12]) & TRANSLATED) !== 0;
  }

  /** What a record says of where it comes from. */
  private setPosition(instruction: number, position: bigint): void {
    this.processor.instructionPointer = instruction >>> 0;
    this.processor.instructions = Number(position);
  }
}

function attempt(access: () => void): number {
  try {
    access();
    return DONE;
  } catch (error) {
    if (error instanceof GuestFault) return GIVEN_UP;
    throw error;
  }
}
