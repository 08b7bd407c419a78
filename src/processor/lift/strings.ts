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

/** Two numbers that were compared. */
interface Compared {
  readonly left: Expression;
  readonly right: Expression;
}

function recordComparison(build: Builder, width: Width, { left, right }: Compared): void {
  const difference = build.let(build.truncated(width, build.arithmetic(width, 'sub', left, right)));
  build.recordFlags('sub', width, left, right, difference);
}

/**
 * With a repeat prefix, one repetition: the instruction jumps to itself while the count lasts and what it compares is equal
 * (REPE) or is not (REPNE). So each repetition is an instruction, between two of which a program can be stopped.
 */
const repeated =
  (once: (build: Builder, step: Step) => Compared | undefined): Lift =>
  (build, instruction) => {
    const { repeat, address } = instruction;
    const step = stepOf(build, instruction);
    if (repeat === 'none') {
      const compared = once(build, step);
      if (compared !== undefined) recordComparison(build, step.width, compared);
      return;
    }
    const width = addressWidth(step.memory[0]);
    const counter = width === 64 ? 'rcx' : 'ecx';
    const isThere = (count: Expression): Expression =>
      build.arithmetic(width, 'ne', count, constant(width, 0n));
    build.if(isThere(build.general(counter)), () => {
      const compared = once(build, step);
      const left = addTo(build, counter, width, constant(width, -1n));
      let more = isThere(left);
      if (compared !== undefined) {
        const operation = repeat === 'repne' ? 'ne' : 'eq';
        const goesOn = build.arithmetic(step.width, operation, compared.left, compared.right);
        more = numeric('i32.and', [more, goesOn]);
        recordComparison(build, step.width, compared);
      }
      build.if(more, () => build.jump(i64(BigInt(address))));
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

const compareStrings = repeated((build, { width, memory: [first, second], advance }) => {
  // Where neither can be read, processors were seen to fault at the second.
  const right = loadFrom(build, width, second);
  const left = loadFrom(build, width, first);
  advance();
  return { left, right };
});

const scan = repeated((build, { width, memory: [where], accumulator, advance }) => {
  const right = loadFrom(build, width, where);
  advance();
  return { left: build.let(build.general(accumulator)), right };
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
