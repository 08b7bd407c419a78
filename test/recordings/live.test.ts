import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { memoryModel } from '../../src/hardware/persistent-memory/memory.ts';
import type { MemoryState } from '../../src/hardware/persistent-memory/state.ts';
import { foldInto } from '../../src/kernel/run.ts';
import {
  persistentMemory,
  RecordingWriter,
  type ReplayOptions,
  replayRecording,
} from '../../src/recordings/recordings.ts';
import { header, linesOf, record, sealed, storeEvents, temporaryFolder } from '../support/recordings.ts';

const COUNT = 2500;
const at = temporaryFolder();
const path = at('whole.ndjson');
let whole: Buffer;

beforeAll(async () => {
  await record(path, COUNT);
  whole = readFileSync(path);
});

const follow = (source: Readable | Buffer, options: ReplayOptions<MemoryState, MemoryEvent> = {}) =>
  replayRecording(source, persistentMemory, { live: true, ...options });

const digestOf = (state: MemoryState): string => memoryModel.digest(state).hex();
const digestAfter = (count: number): string => {
  const state = persistentMemory.initial(header.configuration);
  foldInto(memoryModel, state, storeEvents(COUNT).slice(0, count));
  return digestOf(state);
};

/** The two ends of a connection. */
async function connected(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  server.close();
  return { near, far };
}

describe('a live recording', () => {
  it('is folded as it arrives, before a check line confirms it', async () => {
    const source = new PassThrough();
    const seen: number[] = [];
    let arrived = (): void => undefined;
    const following = follow(source, {
      onBatch: ({ firstIndex, events }, state) => {
        seen.push(firstIndex + events.length);
        expect(digestOf(state)).toBe(digestAfter(firstIndex + events.length));
        arrived();
      },
    });
    const writer = await RecordingWriter.open(source, persistentMemory, header);
    const events = storeEvents(COUNT);
    for (const [from, to] of [
      [0, 1],
      [1, 7],
      [7, 20],
    ]) {
      const arrival = new Promise<void>((resolve) => {
        arrived = () => seen.at(-1) === to && resolve();
      });
      await writer.write({ firstIndex: from, events: events.slice(from, to) });
      await arrival;
    }
    await writer.write({ firstIndex: 20, events: events.slice(20) });
    await writer.end();

    expect(await following).toMatchObject({ index: COUNT, verified: COUNT });
    expect((await following).cut).toBeUndefined();
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  it('is the same fold, in whatever chunks it arrives', async () => {
    for (const chunkBytes of [17, 113, 4096, 100_000]) {
      const chunks = Array.from({ length: Math.ceil(whole.length / chunkBytes) }, (_, i) =>
        whole.subarray(i * chunkBytes, (i + 1) * chunkBytes),
      );
      const { index, verified, state } = await follow(Readable.from(chunks));

      expect({ index, verified }).toEqual({ index: COUNT, verified: COUNT });
      expect(digestOf(state)).toBe(digestAfter(COUNT));
    }
    expect(await follow(Readable.from([gzipSync(whole)]))).toMatchObject({ verified: COUNT });
  });

  it('that stops is the fold of its whole lines, wherever it stops', async () => {
    const lines = linesOf(path);
    const first = lines[0].length + 1;
    const three = first + lines.slice(1, 4).join('\n').length + 1;
    for (let length = first; length <= three; length++) {
      const part = whole.subarray(0, length);
      const { index, cut, state } = await follow(Readable.from([part]));

      expect(index).toBe(part.toString('latin1').split('\n').length - 2);
      expect(cut?.droppedBytes).toBe(length - part.lastIndexOf('\n') - 1);
      expect(digestOf(state)).toBe(digestAfter(index));
    }
  });

  it('whose writer is gone with its connection is a prefix, and says why it ended', async () => {
    const { near, far } = await connected();
    const part = whole.subarray(0, whole.lastIndexOf('\n', whole.length / 2) + 20);
    const following = follow(near, {
      onBatch: ({ firstIndex, events }) => {
        if (firstIndex + events.length > 1000) far.resetAndDestroy();
      },
    });
    far.write(part);
    const { index, verified, cut, state } = await following;

    expect(index).toBeGreaterThan(1000);
    expect(verified).toBe(1000);
    expect(cut?.failure).toMatch(/ECONNRESET/);
    expect(digestOf(state)).toBe(digestAfter(index));
  });

  it('that its reader gives up is a prefix', async () => {
    const source = new PassThrough();
    const following = follow(source, { onBatch: () => source.destroy() });
    source.write(whole.subarray(0, 5000));

    expect((await following).cut?.failure).toBeDefined();
    expect((await following).index).toBeGreaterThan(0);
  });

  it('that fails before its header is an error, as is a file that is not there', async () => {
    const failing = new PassThrough();
    failing.destroy(new Error('no route to host'));
    await expect(follow(failing)).rejects.toThrow('no route to host');
    await expect(replayRecording(at('missing.ndjson'), persistentMemory, { live: true })).rejects.toThrow(
      'no such file or folder',
    );
  });

  it('that is damaged is refused when its check line comes', async () => {
    const lines = linesOf(path);
    const damaged = lines.with(500, lines[500].replace(/"data":"../, '"data":"ff'));
    const bytes = Buffer.from(`${damaged.join('\n')}\n`);
    const chunks = [bytes.subarray(0, 80_000), bytes.subarray(80_000)];

    await expect(follow(Readable.from(chunks))).rejects.toThrow(
      'something was changed between event 0 and event 1000',
    );
  });

  it('that leads somewhere else is a divergence, behind which nothing is folded', async () => {
    const lines = linesOf(path);
    const other = lines.with(500, lines[500].replace(/"data":"../, '"data":"ff'));
    let upTo = 0;
    const { divergence } = await follow(sealed(other), {
      onBatch: ({ firstIndex, events }) => {
        upTo = firstIndex + events.length;
      },
    });

    expect(divergence?.between).toEqual([0, 1000]);
    expect(upTo).toBe(1000);
  });
});

it('a recording whose file fails in the middle is an error, unless it is live', async () => {
  const failing = () =>
    Readable.from(
      (async function* () {
        yield whole.subarray(0, 5000);
        throw Object.assign(new Error('i/o error'), { code: 'EIO' });
      })(),
    );
  await expect(replayRecording(failing(), persistentMemory)).rejects.toThrow('i/o error');
  expect((await follow(failing())).cut?.failure).toBe('i/o error');
});
