import type { Operand } from '../instruction.ts';
import { CONDITIONS, type Condition, type Expression, type Width } from '../lifted/form.ts';
import { constant, type Lift, numeric } from './builder.ts';
import { widthOf } from './integer-operands.ts';
import { popValue, pushValue } from './integer-stack.ts';

/** A far pointer has a selector behind the address: a program has no segments to go to. */
const isFar = (target: Operand): boolean => target.kind === 'memory' && target.sizeBytes !== 8;

const jump: Lift = (build, { operands: [target] }) => {
  if (isFar(target)) build.trap('general protection');
  else build.jump(build.read(target, 64));
};

const call: Lift = (build, { operands: [target] }) => {
  if (isFar(target)) {
    build.trap('general protection');
    return;
  }
  const to = build.let(build.read(target, 64));
  pushValue(build, 64, build.next);
  build.jump(to, 'call');
};

const ret: Lift = (build, { operands: [unwind] }) => {
  const bytes = unwind?.kind === 'immediate' ? BigInt.asUintN(16, unwind.value) : 0n;
  build.jump(popValue(build, 64, bytes), 'return');
};

const jumpIf =
  (condition: Condition): Lift =>
  (build, { operands: [target] }) => {
    build.if(build.condition(condition), () => build.jump(build.read(target, 64)));
  };

const setIf =
  (condition: Condition): Lift =>
  (build, { operands: [destination] }) => {
    build.write(destination, 8, build.condition(condition));
  };

const moveIf =
  (condition: Condition): Lift =>
  (build, { operands: [destination, source] }) => {
    const width = widthOf(destination);
    // Memory is read, and the upper half is cleared, in any case.
    const value = build.let(build.read(source, width));
    if (width === 32) build.write(destination, width, build.read(destination, width));
    build.if(build.condition(condition), () => build.write(destination, width, value));
  };

/** The count register of a loop: rcx, or ecx with the prefix. */
const counter = (form: string): { readonly name: string; readonly width: Width } =>
  /ECX|Jecxz/.test(form) ? { name: 'ecx', width: 32 } : { name: 'rcx', width: 64 };

const loop =
  (also?: Condition): Lift =>
  (build, { operands: [target], form }) => {
    const { name, width } = counter(form);
    const left = build.let(build.arithmetic(width, 'sub', build.general(name), constant(width, 1n)));
    build.setGeneral(name, left);
    const goesOn: Expression = build.arithmetic(width, 'ne', left, constant(width, 0n));
    build.if(also === undefined ? goesOn : numeric('i32.and', [goesOn, build.condition(also)]), () =>
      build.jump(build.read(target, 64)),
    );
  };

const jumpIfCounted: Lift = (build, { operands: [target], form }) => {
  const { name, width } = counter(form);
  build.if(build.arithmetic(width, 'eqz', build.general(name)), () => build.jump(build.read(target, 64)));
};

const named = (prefix: string, lift: (condition: Condition) => Lift): Record<string, Lift> =>
  Object.fromEntries(CONDITIONS.map((condition) => [prefix + condition, lift(condition)]));

export const controlLifts: Readonly<Record<string, Lift>> = {
  jmp: jump,
  call,
  ret,
  ...named('j', jumpIf),
  ...named('set', setIf),
  ...named('cmov', moveIf),
  loop: loop(),
  loope: loop('e'),
  loopne: loop('ne'),
  jrcxz: jumpIfCounted,
  jecxz: jumpIfCounted,
};
