import type { Stop } from '../../../src/processor/engine.ts';
import { Interpreter } from '../../../src/processor/interpreter/interpreter.ts';
import { LAYOUT } from '../../../src/processor/layout.ts';
import { CodeCache } from '../../../src/processor/lifter.ts';
import { EXECUTABLE, PAGE_BYTES, READABLE, WRITABLE } from '../../../src/processor/memory.ts';
import { Processor } from '../../../src/processor/processor.ts';
import { RAX, RDI } from '../../../src/processor/registers.ts';
import { X87 } from '../../../src/processor/x87/state.ts';
import { AREA_BYTES, type End, REGISTERS_AT, type Start } from './machine-state.ts';

const CODE_AT = PAGE_BYTES;
/** A page that can be read and written; what follows it is not mapped. */
export const DATA_AT = 2 * PAGE_BYTES;
const SLOT_BYTES = 16;

/** A processor that has these instructions in its memory, and runs them one at a time. */
export class Modelled {
  readonly processor = new Processor(65536, 'persistent', () => {});
  private readonly engine: Interpreter;

  constructor(instructions: readonly { readonly bytes: readonly number[] }[]) {
    const { memory } = this.processor;
    memory.map(CODE_AT, PAGE_BYTES, READABLE | EXECUTABLE);
    memory.map(DATA_AT, PAGE_BYTES, READABLE | WRITABLE);
    for (const [at, { bytes }] of instructions.entries()) memory.bytes.set(bytes, CODE_AT + at * SLOT_BYTES);
    this.engine = new Interpreter(new CodeCache(memory).lift);
  }

  /** Runs instruction number `at`. Throws where it does not end by itself. */
  run(at: number, start: Start): End {
    const stop = this.attempt(at, start, DATA_AT);
    if (stop.why !== 'reached') throw new Error(JSON.stringify(stop));
    return this.end(DATA_AT);
  }

  /** The same with its operand at another address, where it may fault. */
  attempt(at: number, start: Start, operandAt: number): Stop {
    const { processor } = this;
    processor.memory.bytes.set(start.memory, operandAt);
    processor.flags = start.flags;
    processor.setGeneral(RAX, 0n);
    processor.setGeneral(RDI, BigInt(operandAt));
    this.setState(start.state);
    processor.instructionPointer = CODE_AT + at * SLOT_BYTES;
    return this.engine.run(processor, processor.instructions + 1);
  }

  /** What there is now, with the operand at this address. */
  end(operandAt: number): End {
    const { processor } = this;
    return {
      flags: processor.flags,
      ax: Number(processor.general(RAX) & 0xffffn),
      memory: processor.memory.bytes.slice(operandAt, operandAt + AREA_BYTES),
      state: this.state(),
    };
  }

  private setState(state: Uint8Array): void {
    const view = new DataView(state.buffer, state.byteOffset);
    const x87 = new X87(this.processor);
    x87.control = view.getUint16(0, true);
    x87.status = view.getUint16(4, true);
    x87.tags = view.getUint16(8, true);
    for (let register = 0; register < 8; register++) {
      const at = REGISTERS_AT + 10 * register;
      x87.setBits(register, view.getBigUint64(at, true), view.getUint16(at + 8, true));
    }
  }

  private state(): Uint8Array {
    const { view, ownAt } = this.processor.memory;
    const state = new Uint8Array(AREA_BYTES);
    const into = new DataView(state.buffer);
    const x87 = new X87(this.processor);
    into.setUint16(0, x87.control, true);
    into.setUint16(4, x87.status, true);
    into.setUint16(8, x87.tags, true);
    const top = (x87.status >> 11) & 7;
    for (let register = 0; register < 8; register++) {
      const from = ownAt + LAYOUT.x87 + 16 * ((top + register) & 7);
      into.setBigUint64(REGISTERS_AT + 10 * register, view.getBigUint64(from, true), true);
      into.setUint16(REGISTERS_AT + 10 * register + 8, view.getUint16(from + 8, true), true);
    }
    return state;
  }
}
