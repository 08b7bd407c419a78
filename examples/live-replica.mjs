/**
 * Two processes: a primary ships its events over TCP as they happen, and a replica, which is this process, folds what arrives.
 * The primary is killed with what is under way to the replica, and the replica takes over from the prefix that reached it. Run
 * it with `node examples/live-replica.mjs`.
 *
 * In live-replica/: log.mjs is the application, primary.mjs and replica.mjs are the two sides, link.mjs what is between them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryModel, persistentMemory, replayRecording } from 'tearline';
import { failover } from './live-replica/failover.mjs';

const folder = mkdtempSync(join(tmpdir(), 'live-replica-'));
try {
  const path = join(folder, 'primary.ndjson');
  const { told, replica } = await failover(path, 500);
  const { index, droppedBytes, digest, found, after } = replica;
  const whole = found.half.length === 0 ? 'all whole' : `half: ${found.half}`;

  // The primary kept a recording of its own, and so can be asked what its state was when the replica's stream ended.
  const file = await replayRecording(path, persistentMemory);
  const { state } = await replayRecording(path, persistentMemory, { to: index });
  const equal = memoryModel.digest(state).hex() === digest;

  console.log(`primary: killed after ${file.index} events; clients were told of ${told} transactions`);
  console.log(`replica: the stream ended behind event ${index}, ${droppedBytes} bytes of a line dropped`);
  console.log(`replica: ${found.committed} transactions, ${whole}; state ${digest}`);
  console.log(`equal to the primary's own recording, folded to event ${index}: ${equal}`);
  console.log(`replica: took over, and is at transaction ${after.committed}`);
  if (!equal || found.half.length > 0 || found.committed < told) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
