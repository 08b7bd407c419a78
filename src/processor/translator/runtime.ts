import { helpers } from '../helpers/table.ts';
import { LAYOUT } from '../layout.ts';
import { GuestFault, TRANSLATED } from '../memory.ts';
import type { Processor } from '../processor.ts';
import { ARITHMETIC_FLAGS, CF } from '../registers.ts';
import { type Functions, RUNTIME, type RuntimeFunction } from './callees.ts';
import type { FlagMutant } from './flag-code.ts';
import { callFloat } from './float-call.ts';
import { defineFloatFunction, floatFunctionName, type RoundingFloat } from './float-functions.ts';
import { exportedFunction, FunctionTable } from './function-table.ts';
import { type FunctionType, IMPORTED, ModuleBuilder } from './module.ts';
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
export class Runtime implements Functions {
  private readonly functions = new FunctionTable();

  constructor(
    private readonly processor: Processor,
    private readonly mutant: FlagMutant | undefined,
  ) {}

  /** An empty module for this memory. */
  newModule(): ModuleBuilder {
    return new ModuleBuilder(this.processor.memory.linear.buffer.byteLength / WASM_PAGE_BYTES);
  }

  /** An empty module for this memory whose code calls functions of the table. */
  newCallingModule(): ModuleBuilder {
    const module = this.newModule();
    module.importTable();
    return module;
  }

  /** Compiles a module and gives what it exports. `table`: unless it is that of the functions. */
  instantiate(module: ModuleBuilder, table = this.functions.table): WebAssembly.Exports {
    const imported = { [IMPORTED.memory]: this.processor.memory.linear, [IMPORTED.table]: table };
    return new WebAssembly.Instance(compiled(module), { [IMPORTED.module]: imported }).exports;
  }

  runtimeSlot(name: RuntimeFunction): number {
    return this.functions.slotOf(name, () => this.runtimeFunction(name));
  }

  helperSlot(name: string, type: FunctionType): number {
    return this.functions.slotOf(
      `helper ${name} ${type.parameters.join(' ')} ${type.results.join(' ')}`,
      () => {
        const helper = helpers[name];
        return exportedFunction(type, (...operands: never[]) => helper(this.processor, ...operands));
      },
    );
  }

  floatSlot(float: RoundingFloat): number {
    const name = floatFunctionName(float);
    return this.functions.slotOf(name, () => {
      const module = this.newModule();
      defineFloatFunction(module, float, this.processor.memory.ownAt);
      return this.instantiate(module)[name];
    });
  }

  private runtimeFunction(name: RuntimeFunction): WebAssembly.ExportValue {
    const script = (call: WebAssembly.ImportValue): WebAssembly.ExportValue =>
      exportedFunction(RUNTIME[name], call);
    switch (name) {
      case 'load':
        return script((address: bigint, sizeBytes: number, instruction: number, position: bigint) =>
          this.load(address, sizeBytes, instruction, position),
        );
      case 'store':
        return script(
          (
            address: bigint,
            sizeBytes: number,
            isNonTemporal: number,
            instruction: number,
            position: bigint,
          ) => this.store(address, sizeBytes, isNonTemporal, instruction, position),
        );
      case 'makeRoom':
        return script(() => this.processor.operations.makeRoom());
      case 'float':
        return script((code: number) => callFloat(this.processor, code));
      case 'resolve':
      case 'carry':
        return new WebAssembly.Instance(resolverModule(this.mutant)).exports[name];
    }
  }

  private load(address: bigint, sizeBytes: number, instruction: number, position: bigint): number {
    const { processor } = this;
    this.setPosition(instruction, position);
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
    isNonTemporal: number,
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
    return this.touchesCode(address, sizeBytes)
      ? GIVEN_UP
      : attempt(() => processor.store(address, sizeBytes, value, isNonTemporal !== 0));
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
