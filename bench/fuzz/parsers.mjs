// What must hold when the parsers are given damaged inputs: no crash, no hang, and an error that names a place. The
// modules under test are handed in, so that tests run the sources and the command runs what was built.

import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { draws, mutated } from './mutate.mjs';

/**
 * @typedef {{
 *   storeLog: typeof import('../../src/guests/store-log/store-log.ts'),
 *   recordings: typeof import('../../src/recordings/recordings.ts'),
 *   operations: typeof import('../../src/hardware/persistent-memory/operations.ts'),
 *   memory: typeof import('../../src/hardware/persistent-memory/memory.ts'),
 *   state: typeof import('../../src/hardware/persistent-memory/state.ts'),
 *   run: typeof import('../../src/kernel/run.ts'),
 * }} Modules
 * @typedef {{ inputs: number, accepted: number, refused: number, slowestMs: number, problems: string[] }} Outcome
 */

const PLACE =
  /(byte|line|event|records?|index) \d+|no START|is empty|no whole line|closing line|is stale|configuration/;
const MESSAGE_LENGTH_MAX = 600;
const INPUT_MS_MAX = 2000;

// biome-ignore format: a list of words
const LOG_TOKENS = [
  '|', '||', ';', ';;', '\n', '\r\n', '\0', 'STOP', '|STOP|', '|START|', '==1== START|', '\n==1== START|', '|FENCE', 'FENCE|',
  '0x', '0xffffffffffffffff', '0x10000000000000000', '-1', '1e9', 'NaN', '0x0', '|STORE', '|STORE;0x0;0x0;0x8',
  '|STORE;0xfffffffffffffffc;0xffffffffffffffff;0x8', '|STORE;0x483dffc;0x1122334455667788;0x8', ';0x3', ';0x10',
  '|FLUSH;0x0;0xffffffffffffffff', '|FLUSH;0x483c001;0x0', '|FLUSH;0x483bfff;0x1001', '|DEEP_SYNC;0x483c000;0x2000',
  '|REGISTER_FILE;/a;0x483c000;0x1000;0x1000', '|REGISTER_FILE;/b;0x0;0xffffffffffffffff;0x0', '|REGISTER_FILE;;0x1;0x1;0x1',
  '|REGISTER_FILE;/c;0xfffffffffffff000;0x1000;0xffffffffffffffff', '|A.BEGIN', '|A.END', '|__proto__', '|constructor.BEGIN',
  '==1== Process terminating with default action of signal 11', '\n==1== \n==1==    at 0x1: main (a.c:1)\n==1== ', '\xff\xfe',
  '\xef\xbb\xbf', 'operator|', 'operator||', '|STORE;0x483c000;0x1;0x1;0x1: operator|(A, B) (a.cc:1)', 'x'.repeat(5000),
];

// biome-ignore format: a list of words
const RECORDING_TOKENS = [
  '\n', '\r\n', '\r', '\0', '{', '}', '{}', '[]', '[', '"', ',', ':', 'null', 'true', 'NaN', '-0', '1e400', '1e3', '9007199254740993',
  '18446744073709551616', '-1', '0.5', '"0x"', '0xffffffffffffff', '0xfffffffffffffffff', '"__proto__":{},', '"constructor":1,',
  '"prototype":1,', '"core":0,', '"index":0,', '"kind":"store.visible",', '"kind":"power.lost"', '"kind":"wpq.torn"', '"cause":1,',
  '"core":4294967296,', '"sizeBytes":9007199254740991', '{"check":1000}', '{"end":0}', '{"verdict":{}}\n', '{"verdict":null}\n',
  '{"check":1000,"checksum":"00000000","digest":"00000000000000000000000000000000"}\n', '\\u0000', '\\ud800', '\\', '\xef\xbb\xbf',
  '\xff', '\xc0\x80', '\xf0\x9f\x98\x80', '['.repeat(5000), '{"a":'.repeat(5000), '1'.repeat(5000), 'x'.repeat(5000), '\x1f\x8b',
];

/** @param {string} name */
const fixture = (name) => readFileSync(new URL(`../../fixtures/pmem/${name}.storelog`, import.meta.url));

/**
 * Gives damaged store logs to the importer, in chunks, and what it makes of them to the machine.
 *
 * @param {Modules} modules
 * @param {{ count: number, seed: number }} options
 * @returns {Outcome}
 */
export function fuzzStoreLogs(modules, { count, seed }) {
  const originals = ['list4', 'list8', 'listbug8'].map(fixture);
  const outcome = emptyOutcome();
  for (let i = 0; i < count; i++) {
    const draw = draws(seed * 1_000_003 + i);
    const bytes = mutated(originals[draw(originals.length)], LOG_TOKENS, draw);
    const started = performance.now();
    try {
      importAndPerform(modules, bytes, draw);
      outcome.accepted++;
    } catch (error) {
      judge(outcome, i, error, ['InputError']);
    }
    timed(outcome, i, started);
  }
  return outcome;
}

/**
 * @param {Modules} modules
 * @param {Uint8Array} bytes
 * @param {(bound: number) => number} draw
 */
function importAndPerform({ storeLog, operations, memory, state }, bytes, draw) {
  const log = new storeLog.StoreLogImport({ base: new Map([['pool.img', new Uint8Array(5000).fill(7)]]) });
  const machine = state.initialMemory();
  /** @param {readonly import('../../src/hardware/persistent-memory/operations.ts').Operation[]} given */
  const perform = (given) => {
    for (const operation of given) {
      for (const event of operations.perform(machine, operation)) memory.memoryModel.evolve(machine, event);
    }
  };
  for (let at = 0; at < bytes.length; ) {
    const chunk = bytes.subarray(at, at + 1 + draw(4096));
    perform(log.push(chunk));
    at += chunk.length;
  }
  perform(log.end());
}

/**
 * Gives damaged recordings to the replay: as a file or a pipe, compressed or not, with and without verification.
 *
 * @param {Modules} modules
 * @param {{ count: number, seed: number }} options
 * @returns {Promise<Outcome>}
 */
export async function fuzzRecordings(modules, { count, seed }) {
  const { replayRecording, persistentMemory } = modules.recordings;
  const originals = [await recorded(modules, 'list4', 1), await recorded(modules, 'list4', 12)];
  const outcome = emptyOutcome();
  for (let i = 0; i < count; i++) {
    const draw = draws(seed * 1_000_003 + i);
    const original = originals[Number(draw(10) === 0)];
    const compressed = draw(8) === 0;
    const bytes = mutated(compressed ? gzipSync(original) : original, RECORDING_TOKENS, draw);
    const source = draw(8) === 0 ? Readable.from([Buffer.from(bytes)], { objectMode: false }) : bytes;
    const verify = draw(4) !== 0;
    const started = performance.now();
    try {
      const { cut, divergence } = await replayRecording(source, persistentMemory, { verify });
      outcome.accepted++;
      if (verify && !cut && !sameButForEnd(bytes, compressed, original)) {
        const taken = divergence ? `a divergence: ${JSON.stringify(divergence)}` : 'verified';
        outcome.problems.push(`input ${i}: changed lines were taken for ${taken}`);
      }
    } catch (error) {
      judge(outcome, i, error, ['InputError', 'IllegalEvent', 'StaleRecording']);
    }
    timed(outcome, i, started);
  }
  return outcome;
}

/**
 * Whether all lines are as they were but for the closing one, which no checksum covers: nothing tells one that got another
 * digest from a divergence.
 *
 * @param {Uint8Array} bytes
 * @param {boolean} compressed
 * @param {Uint8Array} original
 */
function sameButForEnd(bytes, compressed, original) {
  /** @param {string} text */
  const lines = (text) => text.trimEnd().split('\n').slice(0, -1).join('\n');
  return lines(textOf(bytes, compressed)) === lines(Buffer.from(original).toString('latin1'));
}

/**
 * @param {Uint8Array} bytes
 * @param {boolean} compressed
 */
const textOf = (bytes, compressed) =>
  (compressed ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : Buffer.from(bytes)).toString(
    'latin1',
  );

/**
 * The recording of a store log, its operations after the first several times over.
 *
 * @param {Modules} modules
 * @param {string} name
 * @param {number} times
 */
async function recorded({ storeLog, recordings, operations, state, run }, name, times) {
  const { persistentMemory, recordingHeader, RecordingWriter } = recordings;
  const imported = storeLog.importStoreLog(fixture(name)).operations;
  /** @type {Buffer[]} */
  const chunks = [];
  const { Writable } = await import('node:stream');
  const target = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const header = recordingHeader(persistentMemory, { scenario: name, seed: 0xfedcba9876543210n });
  const writer = await RecordingWriter.open(target, persistentMemory, header);
  const machine = new run.Run(persistentMemory.model, state.initialMemory(), { sinks: [writer] });
  for (let i = 0; i < times; i++) {
    for (const operation of imported) {
      if (i === 0 || operation.type !== 'map') machine.append(operations.perform(machine.state, operation));
    }
    await machine.settled();
  }
  await writer.end({ kind: 'checker', reason: 'a node is torn' });
  return Buffer.concat(chunks);
}

/** @returns {Outcome} */
const emptyOutcome = () => ({ inputs: 0, accepted: 0, refused: 0, slowestMs: 0, problems: [] });

/**
 * @param {Outcome} outcome
 * @param {number} input
 * @param {unknown} error
 * @param {readonly string[]} expected names of errors
 */
function judge(outcome, input, error, expected) {
  const { name, message } = /** @type {Error} */ (error);
  outcome.refused++;
  if (!expected.includes(name))
    outcome.problems.push(`input ${input}: ${/** @type {Error} */ (error).stack}`);
  else if (message.includes('\n') || message.length > MESSAGE_LENGTH_MAX || !PLACE.test(message)) {
    outcome.problems.push(
      `input ${input}: not one line with a place: ${message.slice(0, MESSAGE_LENGTH_MAX)}`,
    );
  }
}

/**
 * @param {Outcome} outcome
 * @param {number} input
 * @param {number} started
 */
function timed(outcome, input, started) {
  const ms = performance.now() - started;
  outcome.inputs++;
  outcome.slowestMs = Math.max(outcome.slowestMs, Math.round(ms));
  if (ms > INPUT_MS_MAX) outcome.problems.push(`input ${input}: took ${Math.round(ms)} ms`);
}
