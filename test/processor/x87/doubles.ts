import { BINARY64, fromBinary, toBinary } from '../../../src/processor/x87/conversions.ts';
import type { Extended } from '../../../src/processor/x87/extended.ts';

const view = new DataView(new ArrayBuffer(8));

/** A number of JavaScript in 80 bits. */
export function extendedOf(value: number): Extended {
  view.setFloat64(0, value);
  return fromBinary(view.getBigUint64(0), BINARY64);
}

/** Rounded to nearest as a number of JavaScript. */
export function numberOf(value: Extended): number {
  view.setBigUint64(0, toBinary(value, BINARY64, 0x37f).value);
  return view.getFloat64(0);
}
