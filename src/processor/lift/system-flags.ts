import type { Expression } from '../lifted/form.ts';
import { AF, CF, DF, PF, SF, WRITABLE_FLAGS, ZF } from '../registers.ts';
import { type Builder, i32, type Lift, numeric } from './builder.ts';
import { popValue, pushValue } from './integer-stack.ts';

const setFlag =
  (flag: number, isSet: boolean): Lift =>
  (build) =>
    build.setFlags(i32(isSet ? flag : 0), flag);

const complementCarry: Lift = (build) => build.setFlags(build.condition('ae'), CF);

const flagsOf = (build: Builder): Expression => build.let({ op: 'flags', type: 'i32' });

const pushFlags =
  (width: 16 | 64): Lift =>
  (build) =>
    pushValue(build, width, build.resized(32, width, flagsOf(build)));

const popFlags =
  (width: 16 | 64): Lift =>
  (build) => {
    const value = build.resized(width, 32, popValue(build, width));
    build.setFlags(value, width === 16 ? WRITABLE_FLAGS & 0xffff : WRITABLE_FLAGS);
  };

const STATUS = SF | ZF | AF | PF | CF;

const loadStatus: Lift = (build) => {
  // Bit 1 is always set.
  build.setGeneral('ah', numeric('i32.and', [flagsOf(build), i32(STATUS | 2)]));
};

const storeStatus: Lift = (build) => build.setFlags(build.general('ah'), STATUS);

/** Instructions that set, clear, save and load flags as such. */
export const flagLifts: Readonly<Record<string, Lift>> = {
  clc: setFlag(CF, false),
  stc: setFlag(CF, true),
  cmc: complementCarry,
  cld: setFlag(DF, false),
  std: setFlag(DF, true),
  pushf: pushFlags(16),
  pushfq: pushFlags(64),
  popf: popFlags(16),
  popfq: popFlags(64),
  lahf: loadStatus,
  sahf: storeStatus,
};
