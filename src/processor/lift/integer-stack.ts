import type { Instruction } from '../instruction.ts';
import type { Expression, Width } from '../lifted/form.ts';
import { RBP, RSP } from '../registers.ts';
import { type Builder, constant, i64, type Lift, numeric } from './builder.ts';
import { bytesOf, widthOf } from './integer-operands.ts';
import { isGeneral, selectorOf } from './integer-selectors.ts';

const stackPointer: Expression = { op: 'general', type: 'i64', register: RSP };
const framePointer: Expression = { op: 'general', type: 'i64', register: RBP };
const setStackPointer = (build: Builder, value: Expression): void =>
  build.emit({ op: 'set general', register: RSP, value });

/** Puts a number on the stack. */
export function pushValue(build: Builder, width: Width, value: Expression): void {
  const pushed = build.let(value);
  const top = build.let(numeric('i64.sub', [stackPointer, i64(BigInt(width / 8))]));
  build.store(bytesOf(width), top, pushed);
  setStackPointer(build, top);
}

/** Takes a number from the stack, which `unwind` more bytes leave with it; the stack pointer is set last. */
export function popValue(build: Builder, width: Width, unwind = 0n): Expression {
  const value = build.let(build.load(bytesOf(width), stackPointer));
  setStackPointer(build, numeric('i64.add', [stackPointer, i64(BigInt(width / 8) + unwind)]));
  return value;
}

/** Of an operand on the stack: 64 bits, or 16 with the prefix. */
function stackWidth(instruction: Instruction): Width {
  const [operand] = instruction.operands;
  if (operand.kind === 'immediate') return operand.bits === 16 ? 16 : 64;
  if (isGeneral(operand)) return widthOf(operand);
  return /^(Push|Pop)w_/.test(instruction.form) ? 16 : 64;
}

const push: Lift = (build, instruction) => {
  const [operand] = instruction.operands;
  const width = stackWidth(instruction);
  const selector = selectorOf(operand);
  pushValue(build, width, selector === undefined ? build.read(operand, width) : constant(width, selector));
};

const pop: Lift = (build, instruction) => {
  const [operand] = instruction.operands;
  if (!isGeneral(operand)) {
    build.trap('general protection');
    return;
  }
  const width = stackWidth(instruction);
  if (operand.kind !== 'memory') {
    // After the stack pointer, which may be the register.
    build.write(operand, width, popValue(build, width));
    return;
  }
  const value = build.let(build.load(bytesOf(width), stackPointer));
  const size = BigInt(width / 8);
  // An address by the stack pointer is that by the new one.
  const isByStack = operand.base === 'rsp' || operand.base === 'esp';
  const displacement = operand.displacement + (isByStack ? size : 0n);
  build.write({ ...operand, displacement }, width, value);
  setStackPointer(build, numeric('i64.add', [stackPointer, i64(size)]));
};

const enter: Lift = (build, { operands: [size, nesting], form }) => {
  if (size.kind !== 'immediate' || nesting.kind !== 'immediate') throw new TypeError('ENTER takes numbers');
  const width = /^Enterw/.test(form) ? 16 : 64;
  const below = (pointer: Expression, words: number): Expression =>
    numeric('i64.sub', [pointer, i64(BigInt((words * width) / 8))]);
  const save = (value: Expression, words: number): void =>
    build.store(bytesOf(width), below(stackPointer, words), build.resized(64, width, value));
  const level = Number(nesting.value & 31n);
  const frame = build.let(below(stackPointer, 1));
  save(framePointer, 1);
  for (let outer = 1; outer < level; outer++) {
    const saved = build.load(bytesOf(width), below(framePointer, outer));
    save(build.resized(width, 64, saved), outer + 1);
  }
  if (level > 0) save(frame, level + 1);
  const words = level === 0 ? 1 : level + 1;
  const space = i64(BigInt.asUintN(16, size.value));
  const top = build.let(numeric('i64.sub', [below(stackPointer, words), space]));
  // Faults where the new top of the stack could not be written to (Intel SDM volume 2, ENTER).
  build.store(1, top, build.load(1, top));
  setStackPointer(build, top);
  if (width === 64) build.setGeneral('rbp', frame);
  else build.setGeneral('bp', build.resized(64, 16, frame));
};

const leave: Lift = (build, { form }) => {
  const width = /^Leavew/.test(form) ? 16 : 64;
  const saved = build.let(build.load(bytesOf(width), framePointer));
  setStackPointer(build, numeric('i64.add', [framePointer, i64(BigInt(width / 8))]));
  build.setGeneral(width === 64 ? 'rbp' : 'bp', saved);
};

export const stackLifts: Readonly<Record<string, Lift>> = { push, pop, enter, leave };
