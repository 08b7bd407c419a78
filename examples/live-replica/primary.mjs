/**
 * node primary.mjs PORT FILE: commits transactions without end and ships the events as they happen, to a file and to the
 * replica at PORT. A client is told of a transaction, by a line on stdout, when the replica has acknowledged it.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { perform, persistentMemory, RecordingWriter, Run, recordingHeader } from 'tearline';
import { mapLog, transaction } from './log.mjs';

const THINKING_MS = 1; // of the clients, between two transactions

const [port, path] = process.argv.slice(2);

// Events go one way and acknowledgements the other, each on a connection of its own: one that is written to after the
// primary has died is reset, and with it goes what the replica has not read yet.
const events = connect(Number(port), '127.0.0.1');
await once(events, 'connect');
const acknowledgements = connect(Number(port), '127.0.0.1');

const header = recordingHeader(persistentMemory, { scenario: 'live-replica' });
const file = await RecordingWriter.open(path, persistentMemory, header);
const replica = await RecordingWriter.open(events, persistentMemory, header);

/** @type {import('tearline').Sink<import('tearline').MemoryEvent>} */
const fileThenReplica = {
  async write(batch) {
    await file.write(batch);
    await replica.write(batch); // resolves when the connection has room, not when the replica has the batch
  },
};
const { model, initial } = persistentMemory;
const run = new Run(model, initial(header.configuration), { sinks: [fileThenReplica] });

/** Transactions that no client knows of yet, each with the number of events up to its commit. */
const untold = [{ number: 0, index: 0 }];
createInterface({ input: acknowledgements }).on('line', (index) => {
  for (; untold.length > 0 && untold[0].index <= Number(index); untold.shift()) {
    writeSync(1, `${untold[0].number}\n`);
  }
});

async function* transactions() {
  yield perform(run.state, mapLog);
  for (let number = 1; ; number++) {
    for (const operation of transaction(number)) yield perform(run.state, operation);
    untold.push({ number, index: run.index });
    await setTimeout(THINKING_MS);
  }
}
await run.drive(transactions());
