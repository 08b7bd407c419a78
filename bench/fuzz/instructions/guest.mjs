// The same for an engine of the guest: takes what the oracle takes, and answers in the same way.

import { ANSWER, CODE_AT, DATA_AT, GS_AT, PAGE_BYTES, REQUEST, STATE } from './layout.mjs';

/**
 * What is under test, handed in, so that tests run the sources and the command runs what was built.
 *
 * @typedef {{
 *   processor: typeof import('../../../src/processor/processor.ts'),
 *   layout: typeof import('../../../src/processor/layout.ts'),
 *   memory: typeof import('../../../src/processor/memory.ts'),
 * }} Modules
 * @typedef {import('../../../src/processor/engine.ts').Engine} Engine
 * @typedef {import('../../../src/processor/engine.ts').Stop} Stop
 * @typedef {import('../../../src/processor/processor.ts').Processor} Processor
 */

const SIGILL = 4;
const SIGTRAP = 5;
const SIGFPE = 8;
const SIGSEGV = 11;

const SIGNALS = {
  'divide error': SIGFPE,
  'floating point': SIGFPE,
  'invalid opcode': SIGILL,
  breakpoint: SIGTRAP,
  'general protection': SIGSEGV,
  alignment: SIGSEGV,
};

const BREAKPOINT = 0xcc;
/** Repeated string instructions stop at the end of the page at the latest. */
const INSTRUCTIONS_MAX = 8 * (PAGE_BYTES + 1);
const GUEST_BYTES = 0x60000;

/**
 * @param {Modules} modules
 * @param {(processor: Processor) => Engine} makeEngine
 */
export function makeGuest({ processor: { Processor }, layout: { LAYOUT }, memory }, makeEngine) {
  const { READABLE, WRITABLE, EXECUTABLE } = memory;
  const processor = new Processor(GUEST_BYTES, 'persistent', () => {});
  processor.memory.map(CODE_AT, PAGE_BYTES, READABLE | EXECUTABLE);
  processor.memory.map(DATA_AT, PAGE_BYTES, READABLE | WRITABLE);
  const engine = makeEngine(processor);

  return {
    /**
     * @param {Buffer} request
     * @returns {Buffer}
     */
    answer(request) {
      begin(request);
      const end = CODE_AT + Number(request.readBigUint64LE(REQUEST.codeBytes));
      const stop = engine.run(processor, INSTRUCTIONS_MAX);
      const answer = Buffer.alloc(ANSWER.bytes);
      const isEnd =
        stop.why === 'trapped' && stop.trap === 'breakpoint' && processor.instructionPointer === end;
      if (!isEnd) writeSignal(answer, stop);
      writeState(answer, isEnd ? undefined : stop);
      return answer;
    },
  };

  /** @param {Buffer} request */
  function begin(request) {
    const { bytes, ownAt } = processor.memory;
    const codeBytes = Number(request.readBigUint64LE(REQUEST.codeBytes));
    const code = request.subarray(REQUEST.code, REQUEST.code + codeBytes);
    if (
      Buffer.compare(code, bytes.subarray(CODE_AT, CODE_AT + codeBytes)) !== 0 ||
      bytes[CODE_AT + codeBytes] !== BREAKPOINT
    ) {
      processor.memory.prepareStore(CODE_AT, PAGE_BYTES);
      bytes.set(code, CODE_AT);
      bytes[CODE_AT + codeBytes] = BREAKPOINT;
    }
    bytes.set(request.subarray(REQUEST.memory, REQUEST.memory + PAGE_BYTES), DATA_AT);

    const state = REQUEST.state;
    processor.reset();
    processor.setSegmentBase('gs', BigInt(GS_AT));
    for (let register = 0; register < 16; register++) {
      processor.setGeneral(register, request.readBigUint64LE(state + STATE.general + 8 * register));
      const vector = state + STATE.vector + 16 * register;
      processor.setVector(
        register,
        request.readBigUint64LE(vector) | (request.readBigUint64LE(vector + 8) << 64n),
      );
    }
    processor.flags = Number(request.readBigUint64LE(state + STATE.flags));
    processor.mxcsr = request.readUint32LE(state + STATE.mxcsr);
    processor.instructionPointer = CODE_AT;

    const { view } = processor.memory;
    const status = request.readUint16LE(state + STATE.x87Status);
    const full = request[state + STATE.x87Tag];
    view.setUint16(ownAt + LAYOUT.x87Control, request.readUint16LE(state + STATE.x87Control), true);
    view.setUint16(ownAt + LAYOUT.x87Status, status, true);
    let tags = 0;
    for (let physical = 0; physical < 8; physical++) {
      if ((full & (1 << physical)) === 0) tags |= 3 << (2 * physical);
      const from = state + STATE.x87 + 16 * ((physical - (status >> 11)) & 7);
      bytes.set(request.subarray(from, from + 10), ownAt + LAYOUT.x87 + 16 * physical);
    }
    view.setUint16(ownAt + LAYOUT.x87Tag, tags, true);
  }

  /**
   * @param {Buffer} answer
   * @param {Stop} stop
   */
  function writeSignal(answer, stop) {
    if (stop.why === 'trapped') answer.writeBigUint64LE(BigInt(SIGNALS[stop.trap]), ANSWER.signal);
    if (stop.why !== 'faulted') return;
    answer.writeBigUint64LE(BigInt(SIGSEGV), ANSWER.signal);
    answer.writeBigUint64LE(stop.fault.address, ANSWER.faultAddress);
  }

  /**
   * @param {Buffer} answer
   * @param {Stop | undefined} stop
   */
  function writeState(answer, stop) {
    const { view, bytes, ownAt } = processor.memory;
    const state = ANSWER.state;
    for (let register = 0; register < 16; register++) {
      answer.writeBigUint64LE(processor.general(register), state + STATE.general + 8 * register);
      const vector = processor.vector(register);
      const at = state + STATE.vector + 16 * register;
      answer.writeBigUint64LE(BigInt.asUintN(64, vector), at);
      answer.writeBigUint64LE(vector >> 64n, at + 8);
    }
    answer.writeBigUint64LE(BigInt(processor.flags >>> 0), state + STATE.flags);
    // The processor is behind a breakpoint when it stops at one.
    const behind = stop?.why === 'trapped' && stop.trap === 'breakpoint' ? 1 : 0;
    answer.writeBigUint64LE(BigInt(processor.instructionPointer + behind), state + STATE.instructionPointer);
    answer.writeUint32LE(processor.mxcsr, state + STATE.mxcsr);

    const status = view.getUint16(ownAt + LAYOUT.x87Status, true);
    const tags = view.getUint16(ownAt + LAYOUT.x87Tag, true);
    answer.writeUint16LE(view.getUint16(ownAt + LAYOUT.x87Control, true), state + STATE.x87Control);
    answer.writeUint16LE(status, state + STATE.x87Status);
    for (let physical = 0; physical < 8; physical++) {
      if (((tags >> (2 * physical)) & 3) !== 3) answer[state + STATE.x87Tag] |= 1 << physical;
      const from = ownAt + LAYOUT.x87 + 16 * physical;
      answer.set(bytes.subarray(from, from + 10), state + STATE.x87 + 16 * ((physical - (status >> 11)) & 7));
    }
    answer.set(bytes.subarray(DATA_AT, DATA_AT + PAGE_BYTES), ANSWER.memory);
  }
}
