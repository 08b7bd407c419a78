import { existsSync, readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { persistentMemory, RecordingWriter, replayRecording } from '../../src/recordings/recordings.ts';
import { header, linesOf, storeEvents, temporaryFolder } from '../support/recordings.ts';

const at = temporaryFolder();
const open = (target: string | Writable) => RecordingWriter.open(target, persistentMemory, header);

describe('the target of a recording', () => {
  it('holds what was written as soon as the write resolves', async () => {
    const writer = await open(at('live.ndjson'));
    await writer.write({ firstIndex: 0, events: storeEvents(10) });

    expect(linesOf(at('live.ndjson'))).toHaveLength(11);
    expect(await replayRecording(at('live.ndjson'), persistentMemory)).toMatchObject({
      index: 10,
      cut: { droppedBytes: 0 },
    });
  });

  it('holds it soon after, when it is compressed', async () => {
    const writer = await open(at('live.ndjson.gz'));
    await writer.write({ firstIndex: 0, events: storeEvents(10) });
    await delay(400);

    expect(readFileSync(at('live.ndjson.gz')).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect((await replayRecording(at('live.ndjson.gz'), persistentMemory)).index).toBe(10);
  });

  it.each([
    ['a folder that is not there', at('no/such/file.ndjson'), 'no such file or folder (ENOENT)'],
    ['a folder', at('.'), 'it is a folder (EISDIR)'],
  ])('%s is refused', async (_what, path, complaint) => {
    await expect(open(path)).rejects.toThrow(`cannot write ${path}: ${complaint}`);
  });

  it('that is full is an error of one line', async () => {
    if (!existsSync('/dev/full')) return;
    await expect(open('/dev/full')).rejects.toMatchObject({
      name: 'InputError',
      message: 'cannot write /dev/full: no space left on the device (ENOSPC)',
    });
  });

  it('whose reader goes away is an error of one line', async () => {
    let takenBytes = 0;
    const target: Writable = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        takenBytes += chunk.length;
        done(takenBytes > 10_000 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null);
      },
    });
    const writer = await open(target);
    const writing = (async () => {
      await writer.write({ firstIndex: 0, events: storeEvents(3000) });
      await writer.end();
    })();

    await expect(writing).rejects.toMatchObject({
      name: 'InputError',
      message: 'cannot write to the stream: the reader has gone (EPIPE)',
    });
  });
});
