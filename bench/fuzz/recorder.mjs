// node bench/fuzz/recorder.mjs DIST PATH: records without end, until it is killed. Says on stdout how many events it has
// written; what it said must be in the file.

import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [dist = '', path = ''] = process.argv.slice(2);
const { persistentMemory, recordingHeader, RecordingWriter } = await import(
  pathToFileURL(`${dist}/recordings/recordings.js`).href
);
const header = recordingHeader(persistentMemory, { scenario: 'endless' });
const writer = await RecordingWriter.open(path, persistentMemory, header);

await writer.write({
  firstIndex: 0,
  events: [{ kind: 'file.mapped', file: '/pool', base: 0x10000n, sizeBytes: 65536, fileOffset: 0 }],
});
for (let index = 1; ; ) {
  const events = Array.from({ length: 1 + ((index * 7919) % 700) }, (_, i) => ({
    kind: 'store.visible',
    core: 0,
    address: ((index + i) % 8192) * 8,
    data: (index + i).toString(16).padStart(16, '0'),
  }));
  await writer.write({ firstIndex: index, events });
  index += events.length;
  writeSync(1, `${index}\n`);
}
