// Cases with the processor's answers as text, a line each, so that they can be tried where there is no compiler or another
// processor:
//
//   seed code undefined patches answer | instructions
//
// The state to begin with is drawn from the seed; patches say where the case differs from it. The answer says where it
// differs from the state at the beginning. Both are bytes at an offset, `offset:bytes`, separated by commas, `-` for none.
// Undefined are flags in the end, flags after any of the instructions, and `j` where one of them jumps.

import { draws } from '../mutate.mjs';
import { ANSWER, CODE_AT, PAGE_BYTES, REQUEST, STATE } from './layout.mjs';
import { drawState } from './state.mjs';

/** @typedef {import('./generate.mjs').Case} Case */

const STATE_BYTES = STATE.vector + 16 * 16;

/**
 * @param {Case} tried
 * @param {Buffer} answer
 */
export function lineOf(tried, answer) {
  const { seed, request, undefinedFlags, undefinedEver, jumps, texts } = tried;
  const codeBytes = Number(request.readBigUint64LE(REQUEST.codeBytes));
  const code = request.toString('hex', REQUEST.code, REQUEST.code + codeBytes);
  const flags = [undefinedFlags.toString(16), undefinedEver.toString(16), ...(jumps ? ['j'] : [])].join('/');
  const drawn = drawnRequest(seed, code);
  return `${seed.toString(16)} ${code} ${flags} ${changes(drawn, request)} ${changes(unchanged(request), compared(answer))} | ${texts.join('; ')}`;
}

/**
 * @param {string} line
 * @returns {{ tried: Case, answer: Buffer }}
 */
export function caseOfLine(line) {
  const [fields, texts] = line.split(' | ');
  const [seed, code, flags, patches, answer] = fields.split(' ');
  const [undefinedFlags, undefinedEver, jumps] = flags.split('/');
  const request = changed(drawnRequest(Number.parseInt(seed, 16), code), patches);
  const tried = {
    seed: Number.parseInt(seed, 16),
    texts: texts.split('; '),
    mnemonics: [],
    request,
    undefinedFlags: Number.parseInt(undefinedFlags, 16),
    undefinedEver: Number.parseInt(undefinedEver, 16),
    jumps: jumps === 'j',
    aims: [],
  };
  return { tried, answer: changed(unchanged(request), answer) };
}

/**
 * @param {number} seed
 * @param {string} code
 */
function drawnRequest(seed, code) {
  const request = Buffer.alloc(REQUEST.bytes);
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  drawState(view, draws(seed));
  request.write(code, REQUEST.code, 'hex');
  view.setBigUint64(REQUEST.codeBytes, BigInt(code.length / 2), true);
  return request;
}

/** The answer of a processor that comes to the end and does nothing. @param {Buffer} request */
function unchanged(request) {
  const answer = Buffer.alloc(ANSWER.bytes);
  request.copy(answer, ANSWER.state, REQUEST.state, REQUEST.state + STATE_BYTES);
  request.copy(answer, ANSWER.memory, REQUEST.memory, REQUEST.memory + PAGE_BYTES);
  const end = BigInt(CODE_AT) + request.readBigUint64LE(REQUEST.codeBytes);
  answer.writeBigUint64LE(end, ANSWER.state + STATE.instructionPointer);
  return compared(answer);
}

/** Without what FXSAVE writes besides registers. @param {Buffer} answer */
function compared(answer) {
  const copy = Buffer.from(answer);
  const { state } = ANSWER;
  copy.fill(0, state + STATE.x87Tag + 1, state + STATE.mxcsr);
  copy.fill(0, state + STATE.mxcsr + 4, state + STATE.x87);
  copy.fill(0, state + STATE_BYTES, ANSWER.memory);
  return copy;
}

/**
 * @param {Buffer} before
 * @param {Buffer} after
 */
function changes(before, after) {
  const list = [];
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue;
    let end = at + 1;
    while (end < after.length && before[end] !== after[end]) end++;
    list.push(`${at.toString(16)}:${after.toString('hex', at, end)}`);
    at = end;
  }
  return list.join(',') || '-';
}

/**
 * @param {Buffer} before
 * @param {string} changes
 */
function changed(before, changes) {
  if (changes === '-') return before;
  for (const change of changes.split(',')) {
    const [offset, bytes] = change.split(':');
    before.write(bytes, Number.parseInt(offset, 16), 'hex');
  }
  return before;
}
