import type { Expression, FlagOperation, Width } from '../lifted/form.ts';
import { ARITHMETIC_FLAGS, CF } from '../registers.ts';
import { type Builder, constant, type Lift } from './builder.ts';
import { modify, widthOf } from './integer-operands.ts';

type Compute = (build: Builder, width: Width, left: Expression, right: Expression) => Expression;

const by =
  (operation: string): Compute =>
  (build, width, left, right) =>
    build.arithmetic(width, operation, left, right);

/** The same, and the carry flag goes in. */
const withCarry =
  (operation: 'add' | 'sub'): Compute =>
  (build, width, left, right) =>
    build.arithmetic(
      width,
      operation,
      build.arithmetic(width, operation, left, right),
      build.resized(32, width, build.condition('b')),
    );

function recordFlags(
  build: Builder,
  operation: FlagOperation,
  width: Width,
  left: Expression,
  right: Expression,
  result: Expression,
): void {
  // Of logic, only the result matters.
  const zero = constant(width, 0n);
  if (operation === 'logic') build.recordFlags(operation, width, zero, zero, result);
  else build.recordFlags(operation, width, left, right, result);
}

/** The first operand becomes what is computed of both. */
const binary =
  (flags: FlagOperation, compute: Compute): Lift =>
  (build, instruction) => {
    const [destination, source] = instruction.operands;
    const right = build.let(build.read(source, widthOf(destination)));
    const { width, old, result } = modify(build, instruction, (left, width) =>
      compute(build, width, left, right),
    );
    recordFlags(build, flags, width, old, right, result);
  };

/** Only the flags become what is computed of both. */
const comparison =
  (flags: FlagOperation, compute: Compute): Lift =>
  (build, { operands: [first, second] }) => {
    const width = widthOf(first);
    const left = build.let(build.read(first, width));
    const right = build.let(build.read(second, width));
    const result = build.let(build.truncated(width, compute(build, width, left, right)));
    recordFlags(build, flags, width, left, right, result);
  };

/** Adds or subtracts 1, and leaves the carry flag alone. */
const step =
  (flags: 'inc' | 'dec', operation: 'add' | 'sub'): Lift =>
  (build, instruction) => {
    const { width, old, result } = modify(build, instruction, (left, width) =>
      build.arithmetic(width, operation, left, constant(width, 1n)),
    );
    build.recordFlags(flags, width, old, constant(width, 1n), result, ARITHMETIC_FLAGS & ~CF);
  };

const negate: Lift = (build, instruction) => {
  const { width, old, result } = modify(build, instruction, (right, width) =>
    build.arithmetic(width, 'sub', constant(width, 0n), right),
  );
  build.recordFlags('sub', width, constant(width, 0n), old, result);
};

const complement: Lift = (build, instruction) => {
  modify(build, instruction, (old, width) => build.arithmetic(width, 'xor', old, constant(width, -1n)));
};

/** The old number goes to the second operand, the sum to the first. */
const exchangeAndAdd: Lift = (build, instruction) => {
  const [destination, source] = instruction.operands;
  const isInMemory = destination.kind === 'memory';
  const right = build.let(build.read(source, widthOf(destination)));
  const { width, old, result } = modify(build, instruction, (left, width) =>
    build.arithmetic(width, 'add', left, right),
  );
  build.write(source, width, old);
  // Where both are the same register, it holds the sum.
  if (!isInMemory) build.write(destination, width, result);
  build.recordFlags('add', width, old, right, result);
};

export const arithmeticLifts: Readonly<Record<string, Lift>> = {
  add: binary('add', by('add')),
  adc: binary('adc', withCarry('add')),
  sub: binary('sub', by('sub')),
  sbb: binary('sbb', withCarry('sub')),
  and: binary('logic', by('and')),
  or: binary('logic', by('or')),
  xor: binary('logic', by('xor')),
  cmp: comparison('sub', by('sub')),
  test: comparison('logic', by('and')),
  inc: step('inc', 'add'),
  dec: step('dec', 'sub'),
  neg: negate,
  not: complement,
  xadd: exchangeAndAdd,
};
