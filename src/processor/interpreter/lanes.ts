/** The lanes of a vector as numbers, lane 0 first. */

const view = new DataView(new ArrayBuffer(16));
const LOW = (1n << 64n) - 1n;

function put(vector: bigint): void {
  view.setBigUint64(0, vector & LOW, true);
  view.setBigUint64(8, vector >> 64n, true);
}

function take(): bigint {
  return view.getBigUint64(0, true) | (view.getBigUint64(8, true) << 64n);
}

type LaneWidth = 8 | 16 | 32;

/** Lanes of so many bits without a sign. */
export function unsignedLanes(width: LaneWidth, vector: bigint): number[] {
  put(vector);
  const lanes: number[] = [];
  for (let at = 0; at < 16; at += width / 8) {
    if (width === 8) lanes.push(view.getUint8(at));
    else lanes.push(width === 16 ? view.getUint16(at, true) : view.getUint32(at, true));
  }
  return lanes;
}

/** Lanes of so many bits with a sign. */
export function signedLanes(width: LaneWidth, vector: bigint): number[] {
  put(vector);
  const lanes: number[] = [];
  for (let at = 0; at < 16; at += width / 8) {
    if (width === 8) lanes.push(view.getInt8(at));
    else lanes.push(width === 16 ? view.getInt16(at, true) : view.getInt32(at, true));
  }
  return lanes;
}

/** The vector of these lanes, of which the low bits count. */
export function vectorOfLanes(width: LaneWidth, lanes: readonly number[]): bigint {
  for (const [lane, value] of lanes.entries()) {
    const at = (lane * width) / 8;
    if (width === 8) view.setUint8(at, value);
    else if (width === 16) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return take();
}

/** The two lanes of 64 bits, without a sign. */
export const wideLanes = (vector: bigint): [bigint, bigint] => [vector & LOW, vector >> 64n];

/** The vector of two lanes of 64 bits, of which the low bits count. */
export const vectorOfWideLanes = (low: bigint, high: bigint): bigint => (low & LOW) | ((high & LOW) << 64n);
