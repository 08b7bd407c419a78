import { LAYOUT } from '../layout.ts';
import { Code } from './encoder.ts';
import { EXIT } from './exits.ts';
import type { RegionFunction } from './places.ts';
import type { Runtime } from './runtime.ts';

const REGION = { parameters: [], results: ['i32'] } as const;
const SLOT_BITS = 14;
/** How many slots there are. */
const SLOTS = 1 << SLOT_BITS;
/** 2^32 by the golden ratio: neighbours are far apart (Knuth, volume 3, 6.4). */
const GOLDEN = 0x9e37_79b1;

/** The two slots that a region may be at. */
const slotsOf = (address: number): readonly number[] => [
  (address ^ (address >>> 12)) & (SLOTS - 1),
  Math.imul(address, GOLDEN) >>> (32 - SLOT_BITS),
];

/**
 * Goes from region to region without leaving WebAssembly: a table of regions by their addresses, of which one slot may be
 * that of another address, so that each region looks by itself whether it is meant.
 */
export class Dispatcher {
  /** Executes regions as long as there are some; gives why the last one ended. */
  readonly run: RegionFunction;
  private readonly nowhere: RegionFunction;
  private readonly table: WebAssembly.Table;
  /** Regions by the slots that they are at. */
  private readonly owners = new Map<number, { readonly address: number; readonly region: RegionFunction }>();

  constructor(runtime: Runtime, ownAt: number) {
    const stub = runtime.newModule();
    const code = new Code();
    code.constant32(EXIT.elsewhere);
    stub.define(REGION, [], code, 'nowhere');
    this.nowhere = runtime.instantiate(stub)['nowhere'] as RegionFunction;
    this.table = new WebAssembly.Table({ element: 'anyfunc', initial: SLOTS }, this.nowhere);
    const module = runtime.newCallingModule();
    module.define(REGION, ['i32', 'i32'], dispatchCode(ownAt, module.typeIndex(REGION)), 'run');
    this.run = runtime.instantiate(module, this.table)['run'] as RegionFunction;
  }

  /** A region for which there is no room is not in the table. */
  add(address: number, region: RegionFunction): void {
    const slot = this.freeSlot(address) ?? this.makeRoom(address);
    if (slot !== undefined) this.put(slot, address, region);
  }

  remove(address: number): void {
    const slot = slotsOf(address).find((one) => this.owners.get(one)?.address === address);
    if (slot === undefined) return;
    this.owners.delete(slot);
    this.table.set(slot, this.nowhere);
  }

  private freeSlot(address: number): number | undefined {
    return slotsOf(address).find((slot) => !this.owners.has(slot));
  }

  /** Moves a region that is in the way to its other slot. */
  private makeRoom(address: number): number | undefined {
    for (const slot of slotsOf(address)) {
      const owner = this.owners.get(slot);
      if (owner === undefined) continue;
      const other = this.freeSlot(owner.address);
      if (other === undefined) continue;
      this.put(other, owner.address, owner.region);
      return slot;
    }
    return undefined;
  }

  private put(slot: number, address: number, region: RegionFunction): void {
    this.owners.set(slot, { address, region });
    this.table.set(slot, region);
  }
}

function dispatchCode(ownAt: number, type: number): Code {
  const code = new Code();
  const [pointer, why] = [0, 1];
  code.loop();
  const top = code.depth;
  code.constant32(0);
  code.load(4, ownAt + LAYOUT.instructionPointer);
  code.tee(pointer);
  code.get(pointer);
  code.constant32(12);
  code.numeric('i32.shr_u');
  code.numeric('i32.xor');
  code.constant32(SLOTS - 1);
  code.numeric('i32.and');
  code.callIndirect(type);
  code.tee(why);
  code.numeric('i32.eqz');
  code.branchIf(top);
  code.get(why);
  code.constant32(EXIT.elsewhere);
  code.numeric('i32.eq');
  code.if();
  code.get(pointer);
  code.constant32(GOLDEN);
  code.numeric('i32.mul');
  code.constant32(32 - SLOT_BITS);
  code.numeric('i32.shr_u');
  code.callIndirect(type);
  code.tee(why);
  code.numeric('i32.eqz');
  code.branchIf(top);
  code.end();
  code.end();
  code.get(why);
  return code;
}
