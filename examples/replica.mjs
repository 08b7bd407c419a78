/**
 * Replication is a tap on the stream: a primary runs, a recording is written, and a replica folds what reaches it. The
 * stream is cut in the middle, and the replica is in the state of a prefix. Run it with `node examples/replica.mjs`.
 */
import { initialMemory, memoryModel, performAll, Run } from 'tearline';
import { injectFaults, replicateTo } from 'tearline/rxjs';

/** @type {import('tearline').Operation[]} */
const program = [{ type: 'map', file: 'pool', base: 0x10000n, sizeBytes: 4096, fileOffset: 0 }];
for (let i = 0; i < 32; i++) {
  const data = i.toString(16).padStart(2, '0').padEnd(16, '0');
  program.push({ type: 'store', core: 0, address: i * 64, data });
  program.push({ type: 'flush', core: 0, address: i * 64, sizeBytes: 64, instruction: 'clwb' });
  program.push({ type: 'fence', core: 0, instruction: 'sfence' });
}

const primary = new Run(memoryModel, initialMemory());
const replica = new Run(memoryModel, initialMemory());
primary.batches$
  .pipe(
    injectFaults([{ at: 100, events: [{ kind: 'power.lost' }], ends: true }]), // the power of the replica's host fails
    replicateTo(replica),
  )
  .subscribe();

const { events } = performAll(program);
for (let from = 0; from < events.length; from += 16) primary.append(events.slice(from, from + 16));

const prefix = new Run(memoryModel, initialMemory());
prefix.append([...events.slice(0, 100), { kind: 'power.lost' }]);
const equal = memoryModel.digest(replica.state).equals(memoryModel.digest(prefix.state));
console.log(`primary: ${primary.index} events; replica: ${replica.index}, equal to that prefix: ${equal}`);
