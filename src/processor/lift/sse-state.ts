import { MXCSR_MASK } from '../float/mxcsr.ts';
import type { Expression } from '../lifted/form.ts';
import { SAVE_AREA } from '../save-area.ts';
import { type Builder, i32, i64, type Lift, numeric } from './builder.ts';
import { behind, checkStore } from './x87-operands.ts';

/** Up to the last vector register; the rest is left as it is. */
const STORED_BYTES = SAVE_AREA.vector + 16 * 16;

const X87_REGISTERS = [0, 1, 2, 3, 4, 5, 6, 7];
const VECTOR_REGISTERS = Array.from({ length: 16 }, (_, register) => register);

/** A reserved bit that is set is a general protection fault. */
function checkMxcsr(build: Builder, value: Expression): void {
  build.if(numeric('i32.and', [value, i32(~MXCSR_MASK)]), () => build.trap('general protection'));
}

const loadMxcsr: Lift = (build, { operands: [from] }) => {
  const value = build.let(build.read(from, 32));
  checkMxcsr(build, value);
  build.perform('sse.set mxcsr', [value]);
};

const storeMxcsr: Lift = (build, { operands: [to] }) => build.write(to, 32, build.call('i32', 'sse.mxcsr'));

const saveState: Lift = (build, { operands: [to] }) => {
  const address = build.vectorAddress(to, true);
  checkStore(build, address, STORED_BYTES);
  const store = (sizeBytes: 2 | 4 | 8 | 16, offset: number, value: Expression): void =>
    build.store(sizeBytes, behind(address, offset), value);
  store(2, SAVE_AREA.control, build.call('i32', 'x87.control'));
  store(2, SAVE_AREA.status, build.call('i32', 'x87.status'));
  store(2, SAVE_AREA.tags, build.call('i32', 'sse.abridged tags', build.call('i32', 'x87.tags')));
  store(2, SAVE_AREA.opcode, i32(0));
  store(8, SAVE_AREA.instruction, i64(0n));
  store(8, SAVE_AREA.operand, i64(0n));
  store(4, SAVE_AREA.mxcsr, build.call('i32', 'sse.mxcsr'));
  store(4, SAVE_AREA.mxcsrMask, i32(MXCSR_MASK));
  for (const register of X87_REGISTERS) {
    const at = SAVE_AREA.x87 + 16 * register;
    store(8, at, build.call('i64', 'x87.significand', i32(register)));
    const upper = build.call('i32', 'x87.sign and exponent', i32(register));
    store(8, at + 8, numeric('i64.extend_i32_u', [upper]));
  }
  for (const register of VECTOR_REGISTERS)
    store(16, SAVE_AREA.vector + 16 * register, { op: 'vector', type: 'v128', register });
};

const restoreState: Lift = (build, { operands: [from] }) => {
  const address = build.vectorAddress(from, true);
  const load = (sizeBytes: 2 | 4 | 8 | 16, offset: number): Expression =>
    build.let(build.load(sizeBytes, behind(address, offset)));
  const mxcsr = load(4, SAVE_AREA.mxcsr);
  checkMxcsr(build, mxcsr);
  const [control, status, tags] = [SAVE_AREA.control, SAVE_AREA.status, SAVE_AREA.tags].map((offset) =>
    load(2, offset),
  );
  const x87 = X87_REGISTERS.map((register) => {
    const at = SAVE_AREA.x87 + 16 * register;
    return [load(8, at), load(2, at + 8)];
  });
  const vectors = VECTOR_REGISTERS.map((register) => load(16, SAVE_AREA.vector + 16 * register));

  build.perform('sse.set mxcsr', [mxcsr]);
  build.perform('x87.set environment', [control, status, build.call('i32', 'sse.tags of abridged', tags)]);
  for (const [register, bits] of x87.entries()) build.perform('x87.set register', [i32(register), ...bits]);
  for (const [register, value] of vectors.entries()) build.emit({ op: 'set vector', register, value });
};

/** MXCSR, and the state of x87 and SSE as a whole. */
export const sseState: Readonly<Record<string, Lift>> = {
  ldmxcsr: loadMxcsr,
  stmxcsr: storeMxcsr,
  fxsave: saveState,
  fxsave64: saveState,
  fxrstor: restoreState,
  fxrstor64: restoreState,
};
