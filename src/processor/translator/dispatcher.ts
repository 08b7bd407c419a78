import { LAYOUT } from '../layout.ts';
import { Code } from './encoder.ts';
import { EXIT } from './exits.ts';
import { IMPORTED } from './module.ts';
import type { Runtime } from './runtime.ts';

type RegionFunction = () => number;

const REGION = { parameters: [], results: ['i32'] } as const;
/** A power of two. Of regions at the same slot the first has it. */
const SLOTS = 4096;

const slotOf = (address: number): number => (address ^ (address >>> 12)) & (SLOTS - 1);

/**
 * Goes from region to region without leaving WebAssembly: a table of regions by their addresses, of which one slot may be
 * that of another address, so that each region looks by itself whether it is meant.
 */
export class Dispatcher {
  /** Executes regions as long as there are some; gives why the last one ended. */
  readonly run: RegionFunction;
  private readonly nowhere: RegionFunction;
  private readonly table: WebAssembly.Table;
  private readonly owners = new Map<number, number>();

  constructor(runtime: Runtime, ownAt: number) {
    const stub = runtime.newModule();
    const code = new Code();
    code.constant32(EXIT.elsewhere);
    stub.define(REGION, [], code, 'nowhere');
    this.nowhere = runtime.instance(stub, {})['nowhere'] as RegionFunction;
    this.table = new WebAssembly.Table({ element: 'anyfunc', initial: SLOTS }, this.nowhere);
    const module = runtime.newModule();
    module.importTable(SLOTS);
    module.define(REGION, ['i32'], dispatchCode(ownAt, module.typeIndex(REGION)), 'run');
    this.run = runtime.instance(module, { [IMPORTED.table]: this.table })['run'] as RegionFunction;
  }

  add(address: number, region: RegionFunction): void {
    const slot = slotOf(address);
    if (this.owners.has(slot)) return;
    this.owners.set(slot, address);
    this.table.set(slot, region);
  }

  remove(address: number): void {
    const slot = slotOf(address);
    if (this.owners.get(slot) !== address) return;
    this.owners.delete(slot);
    this.table.set(slot, this.nowhere);
  }
}

function dispatchCode(ownAt: number, type: number): Code {
  const code = new Code();
  const local = 0;
  code.loop();
  const top = code.depth;
  code.constant32(0);
  code.load(4, ownAt + LAYOUT.instructionPointer);
  code.tee(local);
  code.get(local);
  code.constant32(12);
  code.numeric('i32.shr_u');
  code.numeric('i32.xor');
  code.constant32(SLOTS - 1);
  code.numeric('i32.and');
  code.callIndirect(type);
  code.tee(local);
  code.numeric('i32.eqz');
  code.branchIf(top);
  code.end();
  code.get(local);
  return code;
}
