import type { Instruction, MemoryOperand } from '../instruction.ts';
import type { Expression, Width } from '../lifted/form.ts';
import { DF } from '../registers.ts';
import { type Builder, constant, i32, i64, type Lift, numeric } from './builder.ts';
import { bytesOf } from './integer-operands.ts';

/** One step of a string instruction, of which registers are changed only by `advance`. */
interface Step {
  readonly width: Width;
  readonly memory: readonly MemoryOperand[];
  /** The part of the accumulator that is as wide. */
  readonly accumulator: string;
  /** Moves the pointers on; after all that may fault. */
  advance(): void;
}

const ACCUMULATORS: Readonly<Record<Width, string>> = { 8: 'al', 16: 'ax', 32: 'eax', 64: 'rax' };

/** What a pointer or the count is in: rsi, rdi and rcx, or with the prefix their lower halves. */
const addressWidth = ({ address32 }: MemoryOperand): 32 | 64 => (address32 === true ? 32 : 64);

function addTo(build: Builder, register: string, width: 32 | 64, amount: Expression): Expression {
  const sum = build.let(build.arithmetic(width, 'add', build.general(register), amount));
  build.setGeneral(register, sum);
  return sum;
}

function stepOf(build: Builder, { operands }: Instruction): Step {
  const memory = operands.filter((operand) => operand.kind === 'memory');
  const width = (memory[0].sizeBytes * 8) as Width;
  const advance = (): void => {
    // Down where the direction flag is set.
    const direction = numeric('i32.and', [{ op: 'flags', type: 'i32' }, i32(DF)]);
    const twice = numeric('i32.shr_u', [direction, i32(Math.log2(DF / (2 * memory[0].sizeBytes)))]);
    const amount = build.let(numeric('i32.sub', [i32(memory[0].sizeBytes), twice]));
    for (const operand of memory) {
      const pointerWidth = addressWidth(operand);
      const wide = pointerWidth === 64 ? numeric('i64.extend_i32_s', [amount]) : amount;
      addTo(build, operand.base ?? '', pointerWidth, wide);
    }
  };
  return { width, memory, accumulator: ACCUMULATORS[width], advance };
}

/**
 * With a repeat prefix, one repetition: the instruction jumps to itself while the count lasts and `goesOn`, if there is such,
 * is not zero. So each repetition is an instruction, between two of which a program can be stopped.
 */
const repeated =
  (once: (build: Builder, step: Step, instruction: Instruction) => Expression | undefined): Lift =>
  (build, instruction) => {
    const step = stepOf(build, instruction);
    if (instruction.repeat === 'none') {
      once(build, step, instruction);
      return;
    }
    const width = addressWidth(step.memory[0]);
    const counter = width === 64 ? 'rcx' : 'ecx';
    const isThere = (count: Expression): Expression =>
      build.arithmetic(width, 'ne', count, constant(width, 0n));
    build.if(isThere(build.general(counter)), () => {
      const goesOn = once(build, step, instruction);
      const left = addTo(build, counter, width, constant(width, -1n));
      const more = goesOn === undefined ? isThere(left) : numeric('i32.and', [isThere(left), goesOn]);
      build.if(more, () => build.jump(i64(BigInt(instruction.address))));
    });
  };

const loadFrom = (build: Builder, width: Width, operand: MemoryOperand): Expression =>
  build.let(build.load(bytesOf(width), build.address(operand)));

const move = repeated((build, { width, memory: [to, from], advance }) => {
  const value = loadFrom(build, width, from);
  build.store(bytesOf(width), build.address(to), value);
  advance();
  return undefined;
});

const store = repeated((build, { width, memory: [to], accumulator, advance }) => {
  build.store(bytesOf(width), build.address(to), build.general(accumulator));
  advance();
  return undefined;
});

const load = repeated((build, { width, memory: [from], accumulator, advance }) => {
  const value = loadFrom(build, width, from);
  build.setGeneral(accumulator, value);
  advance();
  return undefined;
});

/** Compares; REPE goes on while the two are equal, REPNE while they are not. */
function compare(
  build: Builder,
  width: Width,
  left: Expression,
  right: Expression,
  { repeat }: Instruction,
): Expression {
  const difference = build.let(build.truncated(width, build.arithmetic(width, 'sub', left, right)));
  build.recordFlags('sub', width, left, right, difference);
  return build.arithmetic(width, repeat === 'repne' ? 'ne' : 'eq', left, right);
}

const compareStrings = repeated((build, { width, memory: [first, second], advance }, instruction) => {
  const left = loadFrom(build, width, first);
  const right = loadFrom(build, width, second);
  advance();
  return compare(build, width, left, right, instruction);
});

const scan = repeated((build, { width, memory: [where], accumulator, advance }, instruction) => {
  const right = loadFrom(build, width, where);
  advance();
  return compare(build, width, build.let(build.general(accumulator)), right, instruction);
});

const sizes = (stem: string, lift: Lift): Record<string, Lift> =>
  Object.fromEntries(['b', 'w', 'd', 'q'].map((size) => [stem + size, lift]));

/** MOVSD and CMPSD are instructions of SSE, too: those that have vector registers. */
export const stringLifts: Readonly<Record<string, Lift>> = {
  ...sizes('movs', move),
  ...sizes('stos', store),
  ...sizes('lods', load),
  ...sizes('cmps', compareStrings),
  ...sizes('scas', scan),
};
