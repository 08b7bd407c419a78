import type { MemoryOperand, Operand } from '../instruction.ts';
import type { Expression, Width } from '../lifted/form.ts';
import { CF } from '../registers.ts';
import { type Builder, constant, i32, i64, type Lift, numeric } from './builder.ts';
import { bytesOf, widthOf } from './integer-operands.ts';

/** What becomes of the bit; `one` is a number with just this bit set. */
type Change = (build: Builder, width: Width, old: Expression, one: Expression) => Expression;

/** Of the operand that holds the bit: a register's offset is signed, and counts whole operands of this width. */
function addressOfBit(
  build: Builder,
  base: MemoryOperand,
  offset: Operand,
  width: Width,
  place: Expression,
): Expression {
  if (offset.kind !== 'register') return build.address(base);
  const whole = build.signExtended(width, 64, place);
  const operands = numeric('i64.shr_s', [whole, i64(BigInt(Math.log2(width)))]);
  const bytes = numeric('i64.shl', [operands, i64(BigInt(Math.log2(width / 8)))]);
  const far = numeric('i64.add', [build.address(base, true), bytes]);
  const cut = base.address32 === true ? numeric('i64.and', [far, i64(0xffff_ffffn)]) : far;
  const { segment } = base;
  if (segment === undefined) return cut;
  return numeric('i64.add', [{ op: 'segment base', type: 'i64', segment }, cut]);
}

/** Copies a bit to the carry flag, and may change it. A register can name a bit far from the memory operand. */
const bitTest =
  (change?: Change): Lift =>
  (build, { operands: [base, offset], lock }) => {
    const width = widthOf(base);
    const place = build.let(build.read(offset, width));
    const within = build.let(build.arithmetic(width, 'and', place, constant(width, BigInt(width - 1))));
    const address =
      base.kind === 'memory' ? build.let(addressOfBit(build, base, offset, width, place)) : undefined;
    const old = build.let(
      address === undefined ? build.read(base, width) : build.load(bytesOf(width), address),
    );
    const bit = build.let(
      build.resized(
        width,
        32,
        build.arithmetic(width, 'and', build.arithmetic(width, 'shr_u', old, within), constant(width, 1n)),
      ),
    );
    if (change !== undefined) {
      const one = build.arithmetic(width, 'shl', constant(width, 1n), within);
      const changed = change(build, width, old, one);
      if (lock) build.emit({ op: 'fence', instruction: 'locked' });
      if (address === undefined) build.write(base, width, changed);
      else build.store(bytesOf(width), address, changed);
    }
    build.setFlags(bit, CF);
  };

const set: Change = (build, width, old, one) => build.arithmetic(width, 'or', old, one);
const complement: Change = (build, width, old, one) => build.arithmetic(width, 'xor', old, one);
const reset: Change = (build, width, old, one) =>
  build.arithmetic(width, 'and', old, build.arithmetic(width, 'xor', one, constant(width, -1n)));

/** The place of a bit of a number that is not zero. */
type Find = (build: Builder, width: Width, value: Expression) => Expression;

/** The number of the lowest or highest bit; where there is none the destination stays. */
const bitScan =
  (find: Find): Lift =>
  (build, { operands: [destination, source] }) => {
    const width = widthOf(destination);
    const value = build.let(build.read(source, width));
    const zero = constant(width, 0n);
    build.if(build.arithmetic(width, 'ne', value, zero), () =>
      build.write(destination, width, find(build, width, value)),
    );
    build.recordFlags('logic', width, zero, zero, value);
  };

const lowest: Find = (build, width, value) => build.arithmetic(width, 'ctz', value);
const highest: Find = (build, width, value) =>
  build.arithmetic(
    width,
    'sub',
    constant(width, width === 64 ? 63n : 31n),
    build.arithmetic(width, 'clz', value),
  );

const swapBytes: Lift = (build, { operands: [operand] }) => {
  const width = widthOf(operand);
  const value = build.let(build.read(operand, width));
  if (width === 16) {
    // Undefined by the manual; this is what processors do.
    build.write(operand, width, i32(0));
    return;
  }
  build.write(operand, width, swapped(build, width, value));
};

/** Swaps neighbours, then pairs of them, and so on. */
function swapped(build: Builder, width: Width, value: Expression): Expression {
  const bytes = 0x00ff00ff00ff00ffn;
  const words = 0x0000ffff0000ffffn;
  const exchange = (number: Expression, mask: bigint, count: bigint): Expression => {
    const named = build.let(number);
    const by = constant(width, count);
    const lower = constant(width, mask);
    return build.arithmetic(
      width,
      'or',
      build.arithmetic(width, 'shl', build.arithmetic(width, 'and', named, lower), by),
      build.arithmetic(width, 'and', build.arithmetic(width, 'shr_u', named, by), lower),
    );
  };
  const pairs = exchange(value, bytes, 8n);
  if (width !== 64) return build.arithmetic(width, 'rotl', pairs, constant(width, 16n));
  return build.arithmetic(width, 'rotl', exchange(pairs, words, 16n), constant(width, 32n));
}

const scanForward = bitScan(lowest);
const scanReverse = bitScan(highest);

export const bitLifts: Readonly<Record<string, Lift>> = {
  bt: bitTest(),
  bts: bitTest(set),
  btr: bitTest(reset),
  btc: bitTest(complement),
  bsf: scanForward,
  bsr: scanReverse,
  // A baseline processor does not know these: it ignores the prefix.
  tzcnt: scanForward,
  lzcnt: scanReverse,
  bswap: swapBytes,
};
