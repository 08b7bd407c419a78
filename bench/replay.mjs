/** Writing and replaying a recording of 5 million events. */

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { persistentMemory, RecordingWriter, recordingHeader, replayRecording } from 'tearline';
import { commandLine } from './command-line.mjs';
import { eventsOfFixture, millions, peakMiB, row, writableDirectory } from './fixture.mjs';

const EVENTS = 5_000_000;
const path = join(writableDirectory(), 'bench.ndjson');

const [what] = commandLine(import.meta.url, { allowPositionals: true }).positionals;
if (what === 'replay') {
  const start = performance.now();
  const { index, verified } = await replayRecording(path, persistentMemory);
  const rate = (index / (performance.now() - start)) * 1000;
  if (verified !== index) throw new Error(`only ${verified} of ${index} events are verified`);
  row('replay from an NDJSON file of 5 million events, verified', millions(rate), '0.5 million/s or more');
  row('  resident memory', `${peakMiB()} MiB`, 'under 300 MiB');
} else {
  const { mapping, body } = eventsOfFixture('list2500');
  const header = recordingHeader(persistentMemory, { scenario: 'list2500, repeated' });
  const writer = await RecordingWriter.open(path, persistentMemory, header);
  const start = performance.now();
  await writer.write({ firstIndex: 0, events: [mapping] });
  let written = 1;
  while (written < EVENTS) {
    const events = body.slice(0, EVENTS - written);
    await writer.write({ firstIndex: written, events });
    written += events.length;
  }
  await writer.end();
  row('record to an NDJSON file', millions((written / (performance.now() - start)) * 1000), '');
  row('  resident memory', `${peakMiB()} MiB`, 'under 300 MiB');
  const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'replay'], {
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  rmSync(path);
}
