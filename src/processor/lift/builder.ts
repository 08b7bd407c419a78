import { endOf, type Instruction, type MemoryOperand, type Operand } from '../instruction.ts';
import type {
  AccessSize,
  Condition,
  Expression,
  FlagOperation,
  FloatFormat,
  FloatOperation,
  LiftedInstruction,
  Statement,
  Trap,
  Type,
  Width,
} from '../lifted/form.ts';
import { NUMERIC_OPERATIONS, type NumericOperation, signatureOf } from '../lifted/numeric.ts';
import { ARITHMETIC_FLAGS, GENERAL_REGISTERS } from '../registers.ts';
import { generalRegister, vectorNumber } from './register-names.ts';

/** How one mnemonic is lifted. Whatever may fault comes before whatever changes a register. */
export type Lift = (build: Builder, instruction: Instruction) => void;

/** All of each general register. */
const WHOLE = GENERAL_REGISTERS.map((_, register): Expression => ({ op: 'general', type: 'i64', register }));

/** The type that carries a number of this width. */
const typeOf = (width: Width): 'i32' | 'i64' => (width === 64 ? 'i64' : 'i32');

export const i32 = (value: number): Expression => ({ op: 'constant', type: 'i32', value: value | 0 });
export const i64 = (value: bigint): Expression => ({
  op: 'constant',
  type: 'i64',
  value: BigInt.asUintN(64, value),
});
export const v128 = (value: bigint): Expression => ({ op: 'constant', type: 'v128', value });

/** A constant of this width, from a signed or unsigned number. */
export const constant = (width: Width, value: bigint): Expression =>
  width === 64 ? i64(value) : i32(Number(BigInt.asUintN(width, value)));

/** An operation of WebAssembly. Throws where the operands are not of its types: a mistake in a lift. */
export function numeric(
  operation: NumericOperation,
  operands: readonly Expression[],
  immediate?: number | readonly number[],
): Expression {
  const { operands: types, result } = signatureOf(operation);
  const [first, second] = operands;
  if (operands.length !== types.length || first.type !== types[0] || second?.type !== types[1])
    throw new TypeError(
      `${operation} takes ${types.join(', ')}, not ${operands.map(({ type }) => type).join(', ')}`,
    );
  return { op: 'numeric', type: result, operation, operands, immediate };
}

const operationsOf = (type: 'i32' | 'i64'): ReadonlyMap<string, NumericOperation> =>
  new Map(
    NUMERIC_OPERATIONS.filter((operation) => operation.startsWith(type)).map((operation) => [
      operation.slice(type.length + 1),
      operation,
    ]),
  );

/** Operations of a type by the rest of their names. */
const OPERATIONS = { i32: operationsOf('i32'), i64: operationsOf('i64') } as const;

/** Makes the statements of one instruction. Every `read` and `load` stands where it is put: name it by `let` to use it twice. */
export class Builder {
  private statements: Statement[] = [];
  private names = 0;

  constructor(readonly instruction: Instruction) {}

  lifted(): LiftedInstruction {
    const { address, lengthBytes } = this.instruction;
    return { address, lengthBytes, statements: this.statements };
  }

  emit(statement: Statement): void {
    this.statements.push(statement);
  }

  /** Evaluates here and now, and gives it a name. */
  let(value: Expression): Expression {
    if (value.op === 'constant' || value.op === 'name') return value;
    const name = this.names++;
    this.emit({ op: 'let', name, value });
    return { op: 'name', type: value.type, name };
  }

  /** What `body` emits happens only where the condition, an i32, is not zero. Names given inside are not seen outside. */
  if(condition: Expression, body: () => void): void {
    const outer = this.statements;
    this.statements = [];
    body();
    const inner = this.statements;
    this.statements = outer;
    this.emit({ op: 'if', condition, body: inner });
  }

  /** The operation of the type that carries this width, such as `add` or `shr_u`. Bits above the width may come out set. */
  arithmetic(width: Width, operation: string, ...operands: readonly Expression[]): Expression {
    const found = OPERATIONS[typeOf(width)].get(operation);
    if (found === undefined) throw new TypeError(`${typeOf(width)} has no ${operation}`);
    return numeric(found, operands);
  }

  /** Clears the bits above the width. */
  truncated(width: Width, value: Expression): Expression {
    if (width === 8 || width === 16) return numeric('i32.and', [value, i32(width === 8 ? 0xff : 0xffff)]);
    return value;
  }

  /** The number as a signed one in the type that carries it. */
  signed(width: Width, value: Expression): Expression {
    if (width === 8 || width === 16)
      return numeric(width === 8 ? 'i32.extend8_s' : 'i32.extend16_s', [value]);
    return value;
  }

  /** A number of one width as one of another: zeros above it, or cut off. */
  resized(from: Width, to: Width, value: Expression): Expression {
    if (value.op === 'constant' && value.type !== 'v128')
      return constant(to, BigInt.asUintN(from, BigInt(value.value)));
    if (from === 64 && to !== 64) return this.truncated(to, numeric('i32.wrap_i64', [value]));
    if (from !== 64 && to === 64) return numeric('i64.extend_i32_u', [value]);
    return to < from ? this.truncated(to, value) : value;
  }

  /** The same, but copies of the sign above it. */
  signExtended(from: Width, to: Width, value: Expression): Expression {
    const signed = this.signed(from, value);
    if (to === 64) return from === 64 ? value : numeric('i64.extend_i32_s', [signed]);
    return this.truncated(to, signed);
  }

  /** The virtual address of an operand, a segment’s base included; `plain` leaves that out, as LEA does. */
  address(operand: MemoryOperand, plain = false): Expression {
    const { base, index, scale, displacement, segment, address32 } = operand;
    const terms: Expression[] = [];
    if (base !== undefined) terms.push(this.wholeRegister(base));
    if (index !== undefined) {
      const register = this.wholeRegister(index);
      terms.push(scale === 1 ? register : numeric('i64.shl', [register, i64(BigInt(Math.log2(scale)))]));
    }
    if (displacement !== 0n || terms.length === 0) terms.push(i64(displacement));
    let address = terms.reduce((sum, term) => numeric('i64.add', [sum, term]));
    if (address32 === true) address = numeric('i64.and', [address, i64(0xffffffffn)]);
    if (segment !== undefined && !plain)
      address = numeric('i64.add', [{ op: 'segment base', type: 'i64', segment }, address]);
    return address;
  }

  load(sizeBytes: AccessSize, address: Expression): Expression {
    const type: Type = sizeBytes === 16 ? 'v128' : sizeBytes === 8 ? 'i64' : 'i32';
    return { op: 'load', type, sizeBytes, address };
  }

  store(sizeBytes: AccessSize, address: Expression, value: Expression, nonTemporal = false): void {
    this.emit({ op: 'store', sizeBytes, address, value, nonTemporal });
  }

  /** A general register, memory or an immediate as a number of this width. */
  read(operand: Operand, width: Width): Expression {
    switch (operand.kind) {
      case 'register':
        return this.general(operand.register);
      case 'memory':
        return this.load((width / 8) as AccessSize, this.address(operand));
      case 'immediate':
        return constant(width, operand.value);
      case 'target':
        return i64(BigInt(operand.address));
    }
  }

  /** Writes a general register or memory. A register of 32 bits is written whole, with zeros above; of 8 and 16 in part. */
  write(operand: Operand, width: Width, value: Expression): void {
    if (operand.kind === 'memory') this.store((width / 8) as AccessSize, this.address(operand), value);
    else if (operand.kind === 'register') this.setGeneral(operand.register, value);
    else throw new TypeError(`${this.instruction.mnemonic} writes to an ${operand.kind}`);
  }

  /** Part of a general register by its name, as a number of its width. */
  general(name: string): Expression {
    const { register, width, isHigh } = generalRegister(name);
    const whole = WHOLE[register];
    if (width === 64) return whole;
    const low = numeric('i32.wrap_i64', [whole]);
    if (isHigh) return numeric('i32.and', [numeric('i32.shr_u', [low, i32(8)]), i32(0xff)]);
    return this.truncated(width, low);
  }

  setGeneral(name: string, value: Expression): void {
    const { register, width, isHigh } = generalRegister(name);
    const whole = WHOLE[register];
    const set = (all: Expression): void => this.emit({ op: 'set general', register, value: all });
    if (width === 64) set(value);
    else if (width === 32) set(numeric('i64.extend_i32_u', [value]));
    else {
      const mask = (width === 8 ? 0xffn : 0xffffn) << (isHigh ? 8n : 0n);
      const wide = numeric('i64.extend_i32_u', [this.truncated(width, value)]);
      const placed = isHigh ? numeric('i64.shl', [wide, i64(8n)]) : wide;
      set(numeric('i64.or', [numeric('i64.and', [whole, i64(~mask)]), placed]));
    }
  }

  /** A vector register, or 16 bytes of memory; `isAligned`: faults where they are not at a multiple of 16. */
  readVector(operand: Operand, isAligned = true): Expression {
    if (operand.kind === 'register')
      return { op: 'vector', type: 'v128', register: vectorNumber(operand.register) };
    return this.load(16, this.vectorAddress(operand, isAligned));
  }

  writeVector(operand: Operand, value: Expression, isAligned = true): void {
    if (operand.kind === 'register')
      this.emit({ op: 'set vector', register: vectorNumber(operand.register), value });
    else this.store(16, this.vectorAddress(operand, isAligned), value);
  }

  /** The address of 16 bytes; faults where they must be aligned and are not. */
  vectorAddress(operand: Operand, isAligned: boolean): Expression {
    if (operand.kind !== 'memory') throw new TypeError(`${this.instruction.mnemonic} has no memory operand`);
    const address = this.let(this.address(operand));
    if (isAligned) {
      const offset = numeric('i32.and', [numeric('i32.wrap_i64', [address]), i32(15)]);
      this.if(offset, () => this.trap('general protection'));
    }
    return address;
  }

  recordFlags(
    operation: FlagOperation,
    width: Width,
    left: Expression,
    right: Expression,
    result: Expression,
    affects: number = ARITHMETIC_FLAGS,
  ): void {
    this.emit({ op: 'record flags', operation, width, left, right, result, affects });
  }

  setFlags(value: Expression, affects: number): void {
    this.emit({ op: 'set flags', value, affects });
  }

  condition(condition: Condition): Expression {
    return { op: 'condition', type: 'i32', condition };
  }

  float(
    operation: FloatOperation,
    format: FloatFormat,
    type: Type,
    operands: readonly Expression[],
    immediate?: number,
  ): Expression {
    const packed = type === 'v128';
    return {
      op: 'float',
      type,
      operation,
      format,
      packed,
      operands,
      immediate,
    };
  }

  call(type: Type, helper: string, ...operands: readonly Expression[]): Expression {
    return { op: 'call', type, helper, operands };
  }

  perform(helper: string, operands: readonly Expression[], touchesMemory = false): void {
    this.emit({ op: 'perform', helper, operands, touchesMemory });
  }

  jump(target: Expression, how: 'jump' | 'call' | 'return' = 'jump'): void {
    this.emit({ op: 'jump', target, how });
  }

  trap(trap: Trap): void {
    this.emit({ op: 'trap', trap });
  }

  /** Address of the next instruction. */
  get next(): Expression {
    return i64(BigInt(endOf(this.instruction)));
  }

  private wholeRegister(name: string): Expression {
    const { width } = generalRegister(name);
    return this.resized(width, 64, this.general(name));
  }
}
