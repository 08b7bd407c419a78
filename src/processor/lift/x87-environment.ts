import type { Instruction } from '../instruction.ts';
import type { Expression } from '../lifted/form.ts';
import { type Builder, i32, type Lift, numeric } from './builder.ts';
import { behind, checkStore, memoryOf, waiting } from './x87-operands.ts';

const REGISTERS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const REGISTER_BYTES = 10;

/** An environment: seven words of 2 bytes (prefix 66) or 4, and behind it, where it is a whole state, the registers. */
interface Area {
  readonly address: Expression;
  readonly wordBytes: 2 | 4;
  readonly environmentBytes: number;
}

function areaOf(build: Builder, instruction: Instruction): Area {
  const operand = memoryOf(instruction);
  if (operand === undefined) throw new TypeError(`${instruction.mnemonic} takes an address`);
  const wordBytes = instruction.form.endsWith('m14byte') || instruction.form.endsWith('m94byte') ? 2 : 4;
  return { address: build.let(build.address(operand)), wordBytes, environmentBytes: 7 * wordBytes };
}

/**
 * Control, status and tags; the addresses of the last instruction and its operand, which no program can rely on across a
 * system call, are zero. Source: Intel SDM volume 1, section 8.1.10.
 */
function storeEnvironment(build: Builder, { address, wordBytes }: Area): void {
  const high = wordBytes === 4 ? 0xffff0000 : 0;
  const words = [
    ...['control', 'status', 'tags'].map((word) =>
      numeric('i32.or', [build.call('i32', `x87.${word}`), i32(high)]),
    ),
    ...[0, 0, 0, high].map(i32),
  ];
  for (const [word, value] of words.entries())
    build.store(wordBytes, behind(address, word * wordBytes), value);
}

function loadEnvironment(build: Builder, { address, wordBytes }: Area): readonly Expression[] {
  // What comes behind the tags is read only to fault where it does.
  const words = [0, 1, 2, 3, 4, 5, 6].map((word) =>
    build.let(build.load(wordBytes, behind(address, word * wordBytes))),
  );
  return words.slice(0, 3);
}

const storesEnvironment: Lift = (build, instruction) => {
  const area = areaOf(build, instruction);
  checkStore(build, area.address, area.environmentBytes);
  storeEnvironment(build, area);
  build.perform('x87.mask exceptions', []);
};

const loadsEnvironment: Lift = (build, instruction) => {
  build.perform('x87.set environment', loadEnvironment(build, areaOf(build, instruction)));
};

const registerAt = ({ address, environmentBytes }: Area, register: number): Expression =>
  behind(address, environmentBytes + register * REGISTER_BYTES);

const saves: Lift = (build, instruction) => {
  const area = areaOf(build, instruction);
  checkStore(build, area.address, area.environmentBytes + REGISTERS.length * REGISTER_BYTES);
  storeEnvironment(build, area);
  for (const register of REGISTERS) {
    const at = registerAt(area, register);
    build.store(8, at, build.call('i64', 'x87.significand', i32(register)));
    build.store(2, behind(at, 8), build.call('i32', 'x87.sign and exponent', i32(register)));
  }
  build.perform('x87.initialize', []);
};

const restores: Lift = (build, instruction) => {
  const area = areaOf(build, instruction);
  const words = loadEnvironment(build, area);
  const registers = REGISTERS.map((register) => {
    const at = registerAt(area, register);
    return [build.let(build.load(8, at)), build.let(build.load(2, behind(at, 8)))];
  });
  build.perform('x87.set environment', words);
  for (const [register, bits] of registers.entries())
    build.perform('x87.set register', [i32(register), ...bits]);
};

/** Environments and whole states. */
export const x87EnvironmentLifts: Readonly<Record<string, Lift>> = {
  fnstenv: storesEnvironment,
  fldenv: waiting(loadsEnvironment),
  fnsave: saves,
  frstor: waiting(restores),
};
