import { LAYOUT } from '../layout.ts';
import type { Expression, LiftedInstruction, Statement } from '../lifted/form.ts';
import type { NumericOperation } from '../lifted/numeric.ts';
import { ARITHMETIC_FLAGS } from '../registers.ts';
import { addressOf } from './blocks.ts';
import type { Callees } from './callees.ts';
import type { Code, FloatVectorOpcode } from './encoder.ts';
import { EXIT, type Exits } from './exits.ts';
import { DYNAMIC, type FlagCode, type FlagMutant, type FlagState } from './flag-code.ts';
import type { FloatCode, FloatExpression } from './float-code.ts';
import type { Locals } from './locals.ts';
import type { AccessPlace, MemoryCode } from './memory-code.ts';
import type { RegisterLocals } from './register-locals.ts';

/** Everything that the code of one function is made with. */
export interface FunctionParts {
  readonly code: Code;
  readonly locals: Locals;
  readonly registers: RegisterLocals;
  readonly flags: FlagCode;
  readonly memory: MemoryCode;
  readonly float: FloatCode;
  readonly exits: Exits;
  readonly callees: Callees;
  readonly ownAt: number;
  readonly mutant: FlagMutant | undefined;
}

/** What is known at a place of the code, on the one path that leads to it. */
export interface Path {
  readonly flags: FlagState;
  /** Instructions executed that the count does not have yet. */
  readonly executed: number;
}

/** Writes a jump, after which nothing follows: to an address that is known, or one in a local. */
export interface Jumps {
  to(address: number, path: Path): void;
  toLocal(address: number, path: Path): void;
}

/** Operations on lanes of bits, and the same on lanes of numbers. */
const LANES_OF_NUMBERS: Readonly<Partial<Record<NumericOperation, FloatVectorOpcode>>> = {
  'i32x4.extract_lane': 'f32x4.extract_lane',
  'i32x4.replace_lane': 'f32x4.replace_lane',
  'i64x2.extract_lane': 'f64x2.extract_lane',
  'i64x2.replace_lane': 'f64x2.replace_lane',
};

/** Makes the code of one instruction. */
export class InstructionCode {
  private readonly names = new Map<number, number>();
  /** What names stand for: for mutant M1. */
  private readonly definitions = new Map<number, Expression>();
  private readonly recordsFlags: boolean;
  private flags: FlagState;
  private readonly executed: number;

  constructor(
    private readonly parts: FunctionParts,
    private readonly lifted: LiftedInstruction,
    path: Path,
    private readonly jumps: Jumps,
    /** Flags that somebody may ask for behind it. */
    private readonly live: number,
  ) {
    this.flags = path.flags;
    this.executed = path.executed;
    this.recordsFlags = lifted.statements.some(({ op }) => op === 'record flags');
  }

  /** Gives what is known behind it, or nothing where control does not come there. */
  write(): Path | undefined {
    const mark = this.parts.locals.mark();
    const goesOn = this.statements(this.lifted.statements);
    this.parts.locals.release(mark);
    return goesOn ? { flags: this.flags, executed: this.executed + 1 } : undefined;
  }

  private statements(statements: readonly Statement[]): boolean {
    for (const statement of statements) if (!this.statement(statement)) return false;
    return true;
  }

  /** Gives whether control goes on behind it. */
  private statement(statement: Statement): boolean {
    const { code, locals, registers, memory, exits, flags } = this.parts;
    switch (statement.op) {
      case 'let': {
        this.expression(statement.value);
        const local = locals.temporary(statement.value.type);
        code.set(local);
        this.names.set(statement.name, local);
        this.definitions.set(statement.name, statement.value);
        return true;
      }
      case 'set general':
        this.expression(statement.value);
        code.set(registers.writeGeneral(statement.register));
        return true;
      case 'set vector':
        this.expression(statement.value);
        code.set(registers.writeVector(statement.register));
        return true;
      case 'record flags':
        this.recordFlags(statement);
        return true;
      case 'set flags': {
        // What it is made of may be flags, and resolves them first.
        const value = locals.temporary('i32');
        this.expression(statement.value);
        code.set(value);
        this.flags = flags.set(this.flags, statement.affects, () => code.get(value));
        return true;
      }
      case 'store':
        this.expression(statement.address);
        this.expression(statement.value);
        memory.store(statement.sizeBytes, statement.nonTemporal, this.place());
        return true;
      case 'flush':
        this.expression(statement.address);
        memory.flush(statement.instruction, this.place());
        return true;
      case 'fence':
        // LFENCE orders loads, which are in order.
        if (statement.instruction !== 'lfence') memory.fence(statement.instruction, this.place());
        return true;
      case 'if':
        this.conditional(statement);
        return true;
      case 'jump':
        this.jump(statement);
        return false;
      case 'trap':
        this.giveUp();
        return false;
      case 'perform':
        if (statement.touchesMemory) {
          this.giveUp();
          return false;
        }
        this.call(statement.helper, statement.operands, []);
        return true;
      case 'leave':
        exits.exitAt(this.lifted.address, this.executed, EXIT.interpret);
        return false;
    }
  }

  private conditional({ condition, body }: Statement & { op: 'if' }): void {
    const { code, mutant } = this.parts;
    this.expression(condition);
    const before = this.flags;
    const isDropped = mutant === 'M4' && body.every(({ op }) => op === 'record flags');
    if (isDropped) code.drop();
    else code.if();
    const goesOn = this.statements(body);
    if (!isDropped) code.end();
    if (!goesOn) this.flags = before;
    else if (this.flags !== before && !isDropped) this.flags = DYNAMIC;
  }

  private jump({ target }: Statement & { op: 'jump' }): void {
    const path = { flags: this.flags, executed: this.executed + 1 };
    const known = addressOf(target);
    if (known !== undefined) {
      this.jumps.to(known, path);
      return;
    }
    const { code, locals } = this.parts;
    const address = locals.temporary('i64');
    this.expression(target);
    code.set(address);
    this.jumps.toLocal(address, { ...path, flags: this.flags });
  }

  private recordFlags(statement: Statement & { op: 'record flags' }): void {
    const { code, flags } = this.parts;
    const { operation, width, affects } = statement;
    const operand = (expression: Expression): void => {
      this.expression(this.parts.mutant === 'M1' ? this.byReference(expression) : expression);
      if (expression.type === 'i32') code.numeric('i64.extend_i32_u');
    };
    this.flags = flags.record(this.flags, operation, width, affects, this.live, () => {
      operand(statement.left);
      operand(statement.right);
      this.expression(statement.result);
      if (statement.result.type === 'i32') code.numeric('i64.extend_i32_u');
    });
  }

  /** Mutant M1: what a register holds now, instead of what was read from it. */
  private byReference(expression: Expression): Expression {
    if (expression.op !== 'name') return expression;
    const definition = this.definitions.get(expression.name);
    return definition !== undefined && isOfRegisters(definition) ? definition : expression;
  }

  /** Leaves its value on the stack. */
  private expression(expression: Expression): void {
    const { code, registers, flags, ownAt } = this.parts;
    switch (expression.op) {
      case 'constant':
        if (expression.type === 'i32') code.constant32(expression.value);
        else if (expression.type === 'i64') code.constant64(expression.value);
        else code.constantVector(expression.value);
        return;
      case 'general':
        code.get(registers.generalLocal(expression.register));
        return;
      case 'vector':
        code.get(registers.vectorLocal(expression.register));
        return;
      case 'segment base':
        code.constant32(0);
        code.load(8, ownAt + (expression.segment === 'fs' ? LAYOUT.fsBase : LAYOUT.gsBase));
        return;
      case 'name': {
        const local = this.names.get(expression.name);
        if (local === undefined) throw new TypeError(`lifted code has no name ${expression.name}`);
        code.get(local);
        return;
      }
      case 'numeric':
        this.numeric(expression);
        return;
      case 'load':
        this.expression(expression.address);
        this.parts.memory.load(expression.sizeBytes, this.place());
        return;
      case 'condition':
        if (this.parts.mutant === 'M5' && this.recordsFlags) {
          flags.dropRecord();
          this.flags = DYNAMIC;
        }
        this.flags = flags.condition(this.flags, expression.condition);
        return;
      case 'flags':
        this.flags = flags.all(this.flags, ARITHMETIC_FLAGS);
        return;
      case 'call':
        this.call(expression.helper, expression.operands, [expression.type]);
        return;
      case 'float':
        this.float(expression, 'bits');
        return;
    }
  }

  private float(expression: FloatExpression, wanted: 'bits' | 'number'): void {
    const { float } = this.parts;
    for (const operand of expression.operands) this.expression(operand);
    const numbers = expression.operands.map((operand) => this.numberInVector(operand));
    if (wanted === 'bits') float.float(expression, numbers, () => this.giveUp());
    else float.number(expression, numbers, () => this.giveUp());
  }

  /** What leaves the lane of a register as a number, where an expression is that. */
  private numberInVector(expression: Expression): (() => void) | undefined {
    if (expression.op !== 'numeric') return undefined;
    const {
      operation,
      operands: [vector],
      immediate,
    } = expression;
    const extract = LANES_OF_NUMBERS[operation];
    if (extract === undefined || vector.op !== 'vector' || typeof immediate !== 'number') return undefined;
    const { code, registers } = this.parts;
    return () => {
      code.get(registers.vectorLocal(vector.register));
      code.floatVector(extract, immediate);
    };
  }

  private numeric({ operation, operands, immediate }: Expression & { op: 'numeric' }): void {
    const { code, flags } = this.parts;
    const [first, second] = operands;
    // Of all flags only some are wanted.
    if (operation === 'i32.and' && first.op === 'flags' && second?.op === 'constant' && second.type === 'i32')
      this.flags = flags.all(this.flags, second.value);
    else this.expression(first);
    const lane = LANES_OF_NUMBERS[operation];
    if (lane !== undefined && second?.op === 'float' && typeof immediate === 'number') {
      this.float(second, 'number');
      code.floatVector(lane, immediate);
      return;
    }
    if (second !== undefined) this.expression(second);
    code.numeric(operation, immediate);
  }

  private call(
    helper: string,
    operands: readonly Expression[],
    results: readonly Expression['type'][],
  ): void {
    for (const operand of operands) this.expression(operand);
    const types = operands.map(({ type }) => type);
    this.parts.code.callSlot(this.parts.callees.helper(helper, types, results));
  }

  private place(): AccessPlace {
    return { instruction: this.lifted.address, executed: this.executed, giveUp: () => this.giveUp() };
  }

  /** Leaves this instruction, of which nothing has happened, to the interpreter. */
  private giveUp(): void {
    if (this.parts.mutant === 'M9') this.parts.flags.dropRecord();
    this.parts.exits.exitAt(this.lifted.address, this.executed, EXIT.interpret);
  }
}

function isOfRegisters(expression: Expression): boolean {
  if (expression.op === 'numeric') return expression.operands.every(isOfRegisters);
  return expression.op === 'general' || expression.op === 'constant';
}
