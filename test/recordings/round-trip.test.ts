import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventArbitrary } from '../../src/fast-check.ts';
import { memoryEvents } from '../../src/hardware/persistent-memory/events.ts';
import { memoryModel } from '../../src/hardware/persistent-memory/memory.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';
import { Run } from '../../src/kernel/run.ts';
import {
  persistentMemory,
  RecordingWriter,
  readHeader,
  readRecording,
  replayRecording,
} from '../../src/recordings/recordings.ts';
import { header, linesOf, record, storeEvents, temporaryFolder, VERDICT } from '../support/recordings.ts';

const at = temporaryFolder();
const digestOf = (state: ReturnType<typeof initialMemory>): string => memoryModel.digest(state).hex();

function folded(count: number): ReturnType<typeof initialMemory> {
  const run = new Run(memoryModel, initialMemory({ cores: 2 }));
  run.append(storeEvents(count));
  return run.state;
}

describe('a recording', () => {
  it('is one line for the header, one an event, a check line every 1,000 events and a closing line', async () => {
    await record(at('form.ndjson'), 2500, VERDICT);
    const lines = linesOf(at('form.ndjson'));

    expect(lines).toHaveLength(1 + 2500 + 2 + 1 + 1);
    expect(JSON.parse(lines[0])).toEqual({
      format: 'tearline-recording',
      formatVersion: 1,
      ...header,
      seed: '0xfedcba9876543210',
    });
    expect(lines[1]).toBe(
      '{"index":0,"kind":"file.mapped","file":"/pool","base":"0xfffffffffff00000","sizeBytes":4096,"fileOffset":0}',
    );
    expect(lines[1001]).toMatch(/^\{"check":1000,"checksum":"[0-9a-f]{8}","digest":"[0-9a-f]{32}"\}$/);
    expect(lines[2002]).toMatch(/^\{"check":2000,/);
    expect(lines[2503]).toBe('{"verdict":{"kind":"checker","reason":"a node is torn"}}');
    expect(lines[2504]).toMatch(/^\{"end":2500,"checksum":"[0-9a-f]{8}","digest":"[0-9a-f]{32}"\}$/);
  });

  it.each([1, 2, 999, 1000, 1001, 2000, 2500])('of %i events replays to the same state', async (count) => {
    const path = at(`${count}.ndjson`);
    await record(path, count);
    const { state, cut, divergence, verdict, ...rest } = await replayRecording(path, persistentMemory);

    expect(digestOf(state)).toBe(digestOf(folded(count)));
    expect(rest).toMatchObject({ index: count, verified: count, header });
    expect([cut, divergence, verdict]).toEqual([undefined, undefined, undefined]);
  });

  it('is the same file in whatever batches it was written, and whatever it goes through', async () => {
    await record(at('whole.ndjson'), 2100, VERDICT);
    await record(at('whole.ndjson.gz'), 2100, VERDICT);
    const whole = readFileSync(at('whole.ndjson'));
    const piped: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 100,
      write: (chunk: Buffer, _encoding, done) => {
        piped.push(chunk);
        setImmediate(done);
      },
    });
    for (const target of [at('batches.ndjson'), slow]) {
      const writer = await RecordingWriter.open(target, persistentMemory, header);
      const run = new Run(memoryModel, initialMemory({ cores: 2 }), { sinks: [writer] });
      const events = storeEvents(2100);
      for (let from = 0, size = 1; from < events.length; from += size, size = (size * 7) % 1201) {
        run.append(events.slice(from, from + size));
      }
      await run.settled();
      await writer.end(VERDICT);
    }

    expect(readFileSync(at('batches.ndjson'))).toEqual(whole);
    expect(Buffer.concat(piped)).toEqual(whole);
    expect(gunzipSync(readFileSync(at('whole.ndjson.gz')))).toEqual(whole);
  });

  it('is read from a file, a pipe or memory, compressed or not, whatever its name', async () => {
    await record(at('sources.ndjson'), 1500, VERDICT);
    await record(at('sources.ndjson.gz'), 1500, VERDICT);
    const bytes = readFileSync(at('sources.ndjson'));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, i) =>
      bytes.subarray(777 * i, 777 * (i + 1)),
    );
    const expected = await replayRecording(at('sources.ndjson'), persistentMemory);
    for (const source of [
      at('sources.ndjson.gz'),
      bytes,
      gzipSync(bytes),
      Readable.from(chunks),
      Readable.from([gzipSync(bytes)]),
    ]) {
      const { index, verified, verdict, state } = await replayRecording(source, persistentMemory);

      expect({ index, verified, verdict }).toEqual({ index: 1500, verified: 1500, verdict: VERDICT });
      expect(digestOf(state)).toBe(digestOf(expected.state));
    }
    expect(await readHeader(at('sources.ndjson.gz'))).toEqual(header);
  });

  it('replays up to any event', async () => {
    await record(at('to.ndjson'), 2500);
    for (const to of [0, 1, 999, 1000, 1001, 2000, 2499, 2500]) {
      const { index, verified, state } = await replayRecording(at('to.ndjson'), persistentMemory, { to });

      expect({ index, verified }).toEqual({
        index: to,
        verified: to === 2500 ? 2000 : Math.floor(to / 1000) * 1000,
      });
      expect(digestOf(state)).toBe(digestOf(folded(to)));
    }
    await expect(replayRecording(at('to.ndjson'), persistentMemory, { to: 2501 })).rejects.toThrow(
      'has 2500 events: 2501 lies behind its end',
    );
  });

  it('can be streamed without folding it', async () => {
    await record(at('parts.ndjson'), 1500, VERDICT);
    const kinds: string[] = [];
    const events: unknown[] = [];
    for await (const part of readRecording(at('parts.ndjson'), persistentMemory)) {
      kinds.push(part.type);
      if (part.type === 'events') events.push(...part.events);
    }

    expect(kinds).toEqual(['header', 'events', 'check', 'events', 'verdict', 'end']);
    expect(events).toEqual(storeEvents(1500));
  });

  it('gives every event of the table back as it was', () => {
    fc.assert(
      fc.property(eventArbitrary(memoryEvents), (event) => {
        const line = `{"index":0,${persistentMemory.codec.encode(event)}}`;

        expect(persistentMemory.codec.decode(JSON.parse(line) as Record<string, unknown>)).toEqual(event);
      }),
    );
  });

  it('begins with its run, and holds no event that cannot be', async () => {
    const writer = await RecordingWriter.open(at('strict.ndjson'), persistentMemory, header);

    await expect(writer.write({ firstIndex: 1, events: [] })).rejects.toThrow('takes event 0 next, not 1');
    await expect(
      writer.write({ firstIndex: 0, events: [{ kind: 'fence.retired', core: 0, instruction: 'sfence' }] }),
    ).rejects.toThrow('event 0: fence.retired is illegal here');
  });
});
