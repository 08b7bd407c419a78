import type { Expression } from '../lifted/form.ts';
import { type Builder, i32, i64, type Lift, numeric } from './builder.ts';
import { widthOf } from './integer-operands.ts';

/** A quotient that does not fit is an error, as a divisor of zero is; flags stay as they are. */
const trapIf = (build: Builder, condition: Expression): void =>
  build.if(condition, () => build.trap('divide error'));

const and = (...conditions: readonly Expression[]): Expression =>
  conditions.reduce((all, condition) => numeric('i32.and', [all, condition]));

/** ax by 8 bits, dx:ax by 16. */
function divideNarrow(build: Builder, width: 8 | 16, isSigned: boolean, divisor: Expression): void {
  const [quotientTo, remainderTo] = width === 8 ? ['al', 'ah'] : ['ax', 'dx'];
  const upper = build.general(remainderTo);
  const joined = numeric('i32.or', [numeric('i32.shl', [upper, i32(width)]), build.general(quotientTo)]);
  const dividend = build.let(isSigned && width === 8 ? build.signed(16, joined) : joined);
  const by = build.let(isSigned ? build.signed(width, divisor) : divisor);
  trapIf(build, numeric('i32.eqz', [by]));
  if (isSigned && width === 16)
    trapIf(build, and(numeric('i32.eq', [dividend, i32(-0x8000_0000)]), numeric('i32.eq', [by, i32(-1)])));
  const [divide, remain] = isSigned
    ? (['i32.div_s', 'i32.rem_s'] as const)
    : (['i32.div_u', 'i32.rem_u'] as const);
  const quotient = build.let(numeric(divide, [dividend, by]));
  const cut = build.let(build.truncated(width, quotient));
  trapIf(build, numeric('i32.ne', [quotient, isSigned ? build.signed(width, cut) : cut]));
  const remainder = build.let(build.truncated(width, numeric(remain, [dividend, by])));
  build.setGeneral(quotientTo, cut);
  build.setGeneral(remainderTo, remainder);
}

/** edx:eax by 32 bits. */
function divideDouble(build: Builder, isSigned: boolean, divisor: Expression): void {
  const dividend = build.let(
    numeric('i64.or', [
      numeric('i64.shl', [numeric('i64.extend_i32_u', [build.general('edx')]), i64(32n)]),
      numeric('i64.extend_i32_u', [build.general('eax')]),
    ]),
  );
  const extend = isSigned ? 'i64.extend_i32_s' : 'i64.extend_i32_u';
  const by = build.let(numeric(extend, [divisor]));
  trapIf(build, numeric('i64.eqz', [by]));
  if (isSigned) trapIf(build, isLeastByMinusOne(dividend, by));
  const [divide, remain] = isSigned
    ? (['i64.div_s', 'i64.rem_s'] as const)
    : (['i64.div_u', 'i64.rem_u'] as const);
  const quotient = build.let(numeric(divide, [dividend, by]));
  const cut = build.let(numeric('i32.wrap_i64', [quotient]));
  trapIf(build, numeric('i64.ne', [quotient, numeric(extend, [cut])]));
  const remainder = build.let(numeric('i32.wrap_i64', [numeric(remain, [dividend, by])]));
  build.setGeneral('eax', cut);
  build.setGeneral('edx', remainder);
}

const isLeastByMinusOne = (dividend: Expression, divisor: Expression): Expression =>
  and(numeric('i64.eq', [dividend, i64(-(1n << 63n))]), numeric('i64.eq', [divisor, i64(-1n)]));

/** rdx:rax by 64 bits; a helper where rdx holds more than the sign of rax. */
function divideQuad(build: Builder, isSigned: boolean, divisor: Expression): void {
  const by = build.let(divisor);
  const high = build.let(build.general('rdx'));
  const low = build.let(build.general('rax'));
  const sign = isSigned ? numeric('i64.shr_s', [low, i64(63n)]) : i64(0n);
  const isLong = build.let(numeric('i64.ne', [high, sign]));
  const isShort = build.let(numeric('i32.eqz', [isLong]));
  trapIf(build, numeric('i64.eqz', [by]));
  if (isSigned) {
    trapIf(build, and(isShort, isLeastByMinusOne(low, by)));
    build.if(isLong, () => trapIf(build, build.call('i32', 'idiv64 overflows', high, low, by)));
  } else {
    trapIf(build, numeric('i64.ge_u', [high, by]));
  }
  build.if(isShort, () => {
    build.setGeneral('rax', numeric(isSigned ? 'i64.div_s' : 'i64.div_u', [low, by]));
    build.setGeneral('rdx', numeric(isSigned ? 'i64.rem_s' : 'i64.rem_u', [low, by]));
  });
  build.if(isLong, () => {
    const quotient = build.let(build.call('i64', isSigned ? 'idiv64' : 'div64', high, low, by));
    build.setGeneral('rax', quotient);
    build.setGeneral('rdx', numeric('i64.sub', [low, numeric('i64.mul', [quotient, by])]));
  });
}

const divide =
  (isSigned: boolean): Lift =>
  (build, { operands: [operand] }) => {
    const width = widthOf(operand);
    const divisor = build.let(build.read(operand, width));
    if (width === 64) divideQuad(build, isSigned, divisor);
    else if (width === 32) divideDouble(build, isSigned, divisor);
    else divideNarrow(build, width, isSigned, divisor);
  };

export const divideLifts: Readonly<Record<string, Lift>> = {
  div: divide(false),
  idiv: divide(true),
};
