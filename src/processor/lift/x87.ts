import type { Condition } from '../lifted/form.ts';
import { ARITHMETIC_FLAGS } from '../registers.ts';
import { i32, type Lift, numeric } from './builder.ts';
import { x87EnvironmentLifts } from './x87-environment.ts';
import { behind, checkStore, loaded, memoryOf, registerOf, waiting } from './x87-operands.ts';

/** The manual's name of the memory operand, as helpers have it: the second part of `Fadd_m32fp`. */
const formatOf = (form: string): string => form.slice(form.indexOf('_') + 1);

/** No memory operand: a helper does all of it. */
const performs =
  (helper: string, ...operands: readonly number[]): Lift =>
  (build) =>
    build.perform(helper, operands.map(i32));

/** A helper that gets the last register operand, and other numbers. */
const onRegister =
  (helper: string, ...others: readonly number[]): Lift =>
  (build, { operands }) => {
    const last = operands.at(-1);
    build.perform(helper, [last === undefined ? 1 : registerOf(last), ...others].map(i32));
  };

const load: Lift = (build, instruction) => {
  const memory = memoryOf(instruction);
  if (memory === undefined) {
    build.perform('x87.load register', [i32(registerOf(instruction.operands[0]))]);
    return;
  }
  const format = formatOf(instruction.form);
  if (memory.sizeBytes !== 10) {
    build.perform(`x87.load ${format}`, [loaded(build, memory)]);
    return;
  }
  const address = build.let(build.address(memory));
  const low = build.let(build.load(8, address));
  build.perform(`x87.load ${format}`, [low, build.let(build.load(2, behind(address, 8)))]);
};

/** The bytes of 80 bits in two stores. */
const PARTS: Readonly<Record<string, readonly [string, string]>> = {
  m80fp: ['x87.to m80fp, significand', 'x87.to m80fp, sign and exponent'],
  m80bcd: ['x87.to m80bcd, low', 'x87.to m80bcd, high'],
};

const store =
  (pops: number): Lift =>
  (build, instruction) => {
    const memory = memoryOf(instruction);
    if (memory === undefined) {
      build.perform('x87.store register', [registerOf(instruction.operands[0]), pops].map(i32));
      return;
    }
    const format = formatOf(instruction.form);
    const address = build.let(build.address(memory));
    const size = memory.sizeBytes;
    const mayStore = build.let(build.call('i32', `x87.may store ${format}`));
    // An exception that keeps the number back comes after the check of memory.
    build.if(numeric('i32.eqz', [mayStore]), () =>
      build.perform('x87.check store', [address, i32(size)], true),
    );
    build.if(mayStore, () => {
      if (size === 2 || size === 4 || size === 8) {
        build.store(size, address, build.call(size === 8 ? 'i64' : 'i32', `x87.to ${format}`));
        return;
      }
      checkStore(build, address, size);
      const [low, high] = PARTS[format];
      build.store(8, address, build.call('i64', low));
      build.store(2, behind(address, 8), build.call('i32', high));
    });
    build.perform(`x87.stored ${format}`, [i32(pops)]);
  };

/** Of memory with the top of the stack, or of two registers, the first of which gets the result. */
const arithmetic =
  (operation: string, pops = 0): Lift =>
  (build, instruction) => {
    const memory = memoryOf(instruction);
    if (memory !== undefined) {
      const value = loaded(build, memory);
      build.perform(`x87.${operation} ${formatOf(instruction.form)}`, [value]);
      return;
    }
    const [left, right] = instruction.operands.map(registerOf);
    build.perform(`x87.${operation}`, [left, right, pops].map(i32));
  };

const compare =
  (helper: string, pops: number): Lift =>
  (build, instruction) => {
    const [first] = instruction.operands;
    if (first?.kind !== 'memory') onRegister(helper, pops)(build, instruction);
    else build.perform(`${helper} ${formatOf(instruction.form)}`, [loaded(build, first), i32(pops)]);
  };

const compareToFlags =
  (isQuiet: boolean, pops: number): Lift =>
  (build, { operands }) => {
    const register = i32(registerOf(operands[1]));
    const quiet = i32(isQuiet ? 1 : 0);
    build.setFlags(build.call('i32', 'x87.comi flags', register, quiet), ARITHMETIC_FLAGS);
    build.perform('x87.comi', [register, quiet, i32(pops)]);
  };

const moveIf =
  (condition: Condition): Lift =>
  (build, { operands }) =>
    build.perform('x87.move', [i32(registerOf(operands[1])), build.condition(condition)]);

const CONSTANTS = ['fld1', 'fldl2t', 'fldl2e', 'fldpi', 'fldlg2', 'fldln2', 'fldz'];
const UNARY = ['chs', 'abs', 'tst', 'xam', 'sqrt', 'rndint', 'scale', 'xtract', 'prem', 'prem1'];
const TRANSCENDENTAL = ['2xm1', 'yl2x', 'yl2xp1', 'patan', 'ptan', 'sin', 'cos', 'sincos'];
const OPERATIONS = ['add', 'mul', 'sub', 'subr', 'div', 'divr'];

/** Instructions that report an earlier exception before anything else. */
const waitingLifts: Record<string, Lift> = {
  wait: () => {},
  fnop: () => {},
  fld: load,
  fild: load,
  fbld: load,
  fst: store(0),
  fstp: store(1),
  fist: store(0),
  fistp: store(1),
  fbstp: store(1),
  fxch: onRegister('x87.exchange'),
  fcmovb: moveIf('b'),
  fcmove: moveIf('e'),
  fcmovbe: moveIf('be'),
  fcmovu: moveIf('p'),
  fcmovnb: moveIf('ae'),
  fcmovne: moveIf('ne'),
  fcmovnbe: moveIf('a'),
  fcmovnu: moveIf('np'),
  fcom: compare('x87.com', 0),
  fcomp: compare('x87.com', 1),
  fcompp: compare('x87.com', 2),
  ficom: compare('x87.com', 0),
  ficomp: compare('x87.com', 1),
  fucom: compare('x87.ucom', 0),
  fucomp: compare('x87.ucom', 1),
  fucompp: compare('x87.ucom', 2),
  fcomi: compareToFlags(false, 0),
  fcomip: compareToFlags(false, 1),
  fucomi: compareToFlags(true, 0),
  fucomip: compareToFlags(true, 1),
  ffree: onRegister('x87.free', 0),
  ffreep: onRegister('x87.free', 1),
  fincstp: performs('x87.rotate', 1),
  fdecstp: performs('x87.rotate', -1),
  fldcw: (build, { operands: [word] }) => build.perform('x87.set control', [build.let(build.read(word, 16))]),
  emms: performs('x87.empty'),
};
for (const [index, mnemonic] of CONSTANTS.entries())
  waitingLifts[mnemonic] = performs('x87.load constant', index);
for (const operation of [...UNARY, ...TRANSCENDENTAL])
  waitingLifts[`f${operation}`] = performs(`x87.${operation}`);
for (const operation of OPERATIONS) {
  waitingLifts[`f${operation}`] = arithmetic(operation);
  waitingLifts[`f${operation}p`] = arithmetic(operation, 1);
  waitingLifts[`fi${operation}`] = arithmetic(operation);
}

const storeWord =
  (helper: string): Lift =>
  (build, { operands: [word] }) =>
    build.write(word, 16, build.call('i32', helper));

/** How instructions of x87 are lifted. */
export const x87Lifts: Readonly<Record<string, Lift>> = {
  ...Object.fromEntries(Object.entries(waitingLifts).map(([mnemonic, lift]) => [mnemonic, waiting(lift)])),
  ...x87EnvironmentLifts,
  fnstcw: storeWord('x87.control'),
  fnstsw: storeWord('x87.status'),
  fnclex: performs('x87.clear exceptions'),
  fninit: performs('x87.initialize'),
  // Of the 8087 and 80287; they do nothing since.
  fneni: () => {},
  fndisi: () => {},
  fnsetpm: () => {},
};
