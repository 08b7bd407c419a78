import type { Expression, Width } from '../lifted/form.ts';
import { ZF } from '../registers.ts';
import { type Builder, constant, i32, i64, type Lift, numeric } from './builder.ts';
import { bytesOf, widthOf } from './integer-operands.ts';

const ACCUMULATORS: Readonly<Record<Width, string>> = { 8: 'al', 16: 'ax', 32: 'eax', 64: 'rax' };

/** `first` where the condition, 0 or 1, holds, else `second`: without a branch. */
function select(
  build: Builder,
  width: Width,
  condition: Expression,
  first: Expression,
  second: Expression,
): Expression {
  const mask = build.arithmetic(width, 'sub', constant(width, 0n), build.resized(32, width, condition));
  const difference = build.arithmetic(width, 'xor', first, second);
  return build.arithmetic(width, 'xor', second, build.arithmetic(width, 'and', difference, mask));
}

const compareExchange: Lift = (build, { operands: [destination, source], lock }) => {
  const width = widthOf(destination);
  const accumulator = ACCUMULATORS[width];
  const isInMemory = destination.kind === 'memory';
  const address = isInMemory ? build.let(build.address(destination)) : undefined;
  const old = build.let(
    address === undefined ? build.read(destination, width) : build.load(bytesOf(width), address),
  );
  const compared = build.let(build.general(accumulator));
  const difference = build.let(build.truncated(width, build.arithmetic(width, 'sub', compared, old)));
  const isEqual = build.let(build.arithmetic(width, 'eq', compared, old));
  const isUnequal = numeric('i32.eqz', [isEqual]);
  const wanted = build.let(build.read(source, width));
  if (address !== undefined) {
    // Memory is written in any case.
    if (lock) build.emit({ op: 'fence', instruction: 'locked' });
    build.store(bytesOf(width), address, select(build, width, isEqual, wanted, old));
  }
  build.recordFlags('sub', width, compared, old, difference);
  if (!isInMemory) build.if(isEqual, () => build.write(destination, width, wanted));
  build.if(isUnequal, () => build.setGeneral(accumulator, old));
};

/** A number in two registers, and two such in memory: of 8 bytes in all, or 16. */
const compareExchangePair =
  (half: 32 | 64, names: Readonly<Record<'a' | 'b' | 'c' | 'd', string>>): Lift =>
  (build, { operands: [destination], lock }) => {
    if (destination.kind !== 'memory') throw new TypeError('CMPXCHG8B and CMPXCHG16B take memory');
    const address = build.let(build.address(destination));
    if (half === 64) {
      const offset = numeric('i32.and', [numeric('i32.wrap_i64', [address]), i32(15)]);
      build.if(offset, () => build.trap('general protection'));
    }
    const whole = build.let(build.load(half === 64 ? 16 : 8, address));
    const [lower, upper] = [0, 1].map((lane) => build.let(halfOf(half, whole, lane)));
    const register = (name: string): Expression => build.let(build.general(name));
    const isEqual = build.let(
      numeric('i32.and', [
        build.arithmetic(half, 'eq', lower, register(names.a)),
        build.arithmetic(half, 'eq', upper, register(names.d)),
      ]),
    );
    const newLower = build.let(select(build, half, isEqual, register(names.b), lower));
    const newUpper = build.let(select(build, half, isEqual, register(names.c), upper));
    if (lock) build.emit({ op: 'fence', instruction: 'locked' });
    build.store(half === 64 ? 16 : 8, address, joined(half, newLower, newUpper));
    build.setFlags(numeric('i32.shl', [isEqual, i32(Math.log2(ZF))]), ZF);
    build.if(numeric('i32.eqz', [isEqual]), () => {
      build.setGeneral(names.a, lower);
      build.setGeneral(names.d, upper);
    });
  };

function halfOf(half: 32 | 64, whole: Expression, lane: number): Expression {
  if (half === 64) return numeric('i64x2.extract_lane', [whole], lane);
  return numeric('i32.wrap_i64', [numeric('i64.shr_u', [whole, i64(BigInt(32 * lane))])]);
}

function joined(half: 32 | 64, lower: Expression, upper: Expression): Expression {
  if (half === 64) return numeric('i64x2.replace_lane', [numeric('i64x2.splat', [lower]), upper], 1);
  return numeric('i64.or', [
    numeric('i64.extend_i32_u', [lower]),
    numeric('i64.shl', [numeric('i64.extend_i32_u', [upper]), i64(32n)]),
  ]);
}

export const compareExchangeLifts: Readonly<Record<string, Lift>> = {
  cmpxchg: compareExchange,
  cmpxchg8b: compareExchangePair(32, { a: 'eax', b: 'ebx', c: 'ecx', d: 'edx' }),
  cmpxchg16b: compareExchangePair(64, { a: 'rax', b: 'rbx', c: 'rcx', d: 'rdx' }),
};
