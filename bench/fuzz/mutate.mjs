// Damage for inputs: every way in which a file that was once right is found wrong in practice, and some that are meant.

/**
 * Draws whole numbers below a bound, the same ones for the same seed.
 *
 * @param {number} seed
 * @returns {(bound: number) => number}
 */
export function draws(seed) {
  let state = seed | 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/**
 * A copy with one to four pieces of damage.
 *
 * @param {Uint8Array} original
 * @param {readonly string[]} tokens what a hostile writer would put in
 * @param {(bound: number) => number} draw
 * @returns {Uint8Array}
 */
export function mutated(original, tokens, draw) {
  let bytes = original;
  for (let left = 1 + draw(4); left > 0; left--) bytes = damaged(bytes, tokens, draw);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {readonly string[]} tokens
 * @param {(bound: number) => number} draw
 * @returns {Uint8Array}
 */
function damaged(bytes, tokens, draw) {
  const at = draw(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + draw(1 << draw(10)));
  switch (draw(9)) {
    case 0:
    case 1: // a bit
      return joined(bytes.subarray(0, at), flipped(bytes.subarray(at, at + 1), draw), bytes.subarray(at + 1));
    case 2: // any byte
      return joined(bytes.subarray(0, at), Uint8Array.of(draw(256)), bytes.subarray(at + 1));
    case 3: // cut short
      return bytes.subarray(0, at);
    case 4: // a part missing
      return joined(bytes.subarray(0, at), bytes.subarray(to));
    case 5: // a part twice
      return joined(bytes.subarray(0, to), bytes.subarray(at));
    case 6: // a part moved
      return joined(bytes.subarray(0, at), bytes.subarray(to), bytes.subarray(at, to));
    case 7: // something put in
      return joined(bytes.subarray(0, at), token(tokens, draw), bytes.subarray(at));
    default: // something written over
      return joined(bytes.subarray(0, at), token(tokens, draw), bytes.subarray(to));
  }
}

/** @param {Uint8Array[]} parts */
const joined = (...parts) => new Uint8Array(Buffer.concat(parts));

/**
 * @param {readonly string[]} tokens
 * @param {(bound: number) => number} draw
 */
const token = (tokens, draw) => Buffer.from(tokens[draw(tokens.length)], 'latin1');

/**
 * @param {Uint8Array} bytes
 * @param {(bound: number) => number} draw
 */
const flipped = (bytes, draw) => bytes.map((byte) => byte ^ (1 << draw(8)));
