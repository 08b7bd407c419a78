import type { Operand } from '../instruction.ts';
import { constant, type Lift } from './builder.ts';
import { bytesOf, widthOf } from './integer-operands.ts';
import { isGeneral, selectorOf } from './integer-selectors.ts';

const move: Lift = (build, { operands: [destination, source] }) => {
  // Segment registers can be read; to load one, and control and debug registers, are the system's.
  const selector = selectorOf(source);
  if (!isGeneral(destination) || !(isGeneral(source) || selector !== undefined)) {
    build.trap('general protection');
    return;
  }
  const width = widthOf(destination);
  const value = selector === undefined ? build.read(source, width) : constant(width, selector);
  build.write(destination, width, value);
};

const moveNonTemporal: Lift = (build, { operands: [destination, source] }) => {
  if (destination.kind !== 'memory') throw new TypeError('MOVNTI stores');
  const width = widthOf(destination);
  build.store(bytesOf(width), build.address(destination), build.read(source, width), true);
};

const extend =
  (how: 'resized' | 'signExtended'): Lift =>
  (build, { operands: [destination, source] }) => {
    const from = widthOf(source);
    const to = widthOf(destination);
    build.write(destination, to, build[how](from, to, build.read(source, from)));
  };

const loadAddress: Lift = (build, { operands: [destination, source] }) => {
  if (source.kind !== 'memory') throw new TypeError('LEA takes an address');
  const width = widthOf(destination);
  build.write(destination, width, build.resized(64, width, build.address(source, true)));
};

const exchange: Lift = (build, { operands: [first, second] }) => {
  const width = widthOf(first);
  if (first.kind !== 'memory') {
    const left = build.let(build.read(first, width));
    const right = build.let(build.read(second, width));
    build.write(first, width, right);
    build.write(second, width, left);
    return;
  }
  // Locked, with or without the prefix.
  const address = build.let(build.address(first));
  const old = build.let(build.load(bytesOf(width), address));
  build.emit({ op: 'fence', instruction: 'locked' });
  build.store(bytesOf(width), address, build.read(second, width));
  build.write(second, width, old);
};

/** Widens the accumulator in place. */
const widen =
  (from: string, to: string): Lift =>
  (build) => {
    const registers = [from, to].map((register): Operand => ({ kind: 'register', register }));
    const [narrow, wide] = registers.map(widthOf);
    build.setGeneral(to, build.signExtended(narrow, wide, build.general(from)));
  };

/** Fills a register with the sign of the accumulator. */
const spreadSign =
  (from: string, to: string): Lift =>
  (build) => {
    const width = widthOf({ kind: 'register', register: from });
    const count = constant(width, BigInt(width - 1));
    build.setGeneral(to, build.arithmetic(width, 'shr_s', build.signed(width, build.general(from)), count));
  };

const translateByte: Lift = (build, { operands: [table] }) => {
  build.setGeneral('al', build.read(table, 8));
};

export const moveLifts: Readonly<Record<string, Lift>> = {
  mov: move,
  movnti: moveNonTemporal,
  movzx: extend('resized'),
  movsx: extend('signExtended'),
  movsxd: extend('signExtended'),
  lea: loadAddress,
  xchg: exchange,
  cbw: widen('al', 'ax'),
  cwde: widen('ax', 'eax'),
  cdqe: widen('eax', 'rax'),
  cwd: spreadSign('ax', 'dx'),
  cdq: spreadSign('eax', 'edx'),
  cqo: spreadSign('rax', 'rdx'),
  xlatb: translateByte,
};
