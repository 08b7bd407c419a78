import { MXCSR_MASK } from '../float/mxcsr.ts';
import type { Expression } from '../lifted/form.ts';
import { type Builder, i32, type Lift, numeric } from './builder.ts';

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

/** Instructions on MXCSR. */
export const sseControl: Readonly<Record<string, Lift>> = {
  ldmxcsr: loadMxcsr,
  stmxcsr: storeMxcsr,
};
