import { on } from 'node:events';
import { initialMemory, memoryModel, perform, persistentMemory, Run, replayRecording } from 'tearline';
import { LOG_BYTES, mapLog, readLog, transaction } from './log.mjs';

const OWN_TRANSACTIONS = 3;
const WAIT_MS_MAX = 10_000;

/**
 * Follows the primary that connects to a server until there is no more to hear of it, and takes over: goes on with the log
 * from what the primary left. Returns what reached it, what it found in the log, and what was there after some transactions
 * of its own.
 *
 * @param {import('node:net').Server} server
 */
export async function followAndTakeOver(server) {
  const connections = on(server, 'connection', { signal: AbortSignal.timeout(WAIT_MS_MAX) });
  const [events] = (await connections.next()).value;
  const [acknowledgements] = (await connections.next()).value;
  acknowledgements.on('error', () => undefined); // the primary has died and reads no more

  // A replica is a replay that begins before the recording has ended.
  const { state, index, verified, cut } = await replayRecording(events, persistentMemory, {
    live: true,
    onBatch: ({ firstIndex, events }) => acknowledgements.write(`${firstIndex + events.length}\n`),
  });
  acknowledgements.destroy();
  const digest = memoryModel.digest(state).hex();

  const image = imageLeft(state);
  const found = readLog(image);
  const after = readLog(goOn(image, found.committed + 1));
  return { index, verified, droppedBytes: cut?.droppedBytes, digest, found, after };
}

/**
 * The program on the primary is gone, with its registers and caches: what it left is what a loss of power leaves.
 *
 * @param {import('tearline').MemoryState} state
 */
function imageLeft(state) {
  const run = new Run(memoryModel, state);
  run.append([{ kind: 'power.lost' }]);
  return state.visible.read(0, LOG_BYTES);
}

/**
 * A machine that finds the image in its memory, and the program started anew on it. Returns the log after some transactions.
 *
 * @param {Uint8Array} image
 * @param {number} first
 */
function goOn(image, first) {
  const run = new Run(memoryModel, initialMemory());
  run.append(perform(run.state, mapLog));
  run.append([{ kind: 'file.loaded', address: 0, data: Buffer.from(image).toString('hex') }]);
  for (let number = first; number < first + OWN_TRANSACTIONS; number++) {
    for (const operation of transaction(number)) run.append(perform(run.state, operation));
  }
  return run.state.visible.read(0, LOG_BYTES);
}
