import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { persistentMemory, replayRecording, StaleRecording } from '../../src/recordings/recordings.ts';
import { linesOf, record, sealed, temporaryFolder } from '../support/recordings.ts';

const at = temporaryFolder();
const path = at('whole.ndjson');
let whole: Buffer;
let lines: string[];

beforeAll(async () => {
  await record(path, 2500);
  whole = readFileSync(path);
  lines = linesOf(path);
});

const replay = (source: Uint8Array, options = {}) => replayRecording(source, persistentMemory, options);
const textOf = (given: readonly string[]): Buffer => Buffer.from(`${given.join('\n')}\n`);
const withLine = (index: number, ...instead: string[]): string[] => lines.toSpliced(index, 1, ...instead);
const changed = (line: number, from: string | RegExp, to: string): string[] =>
  withLine(line, lines[line].replace(from, to));

describe('a recording that was cut short', () => {
  it('is read up to its last whole line, wherever that is', async () => {
    for (let length = lines[0].length + 1; length < whole.length - 1; length += 4999) {
      const part = whole.subarray(0, length);
      const { index, verified, cut } = await replay(part);
      const { index: piped } = await replayRecording(Readable.from([part]), persistentMemory);

      const wholeLines = part.toString('latin1').split('\n').length - 1;
      expect(index).toBe(
        wholeLines -
          1 -
          (wholeLines > 1002 ? 1 : 0) -
          (wholeLines > 2003 ? 1 : 0) -
          (wholeLines === 1002 || wholeLines === 2003 ? 1 : 0),
      );
      expect(cut).toMatchObject({
        index,
        line: wholeLines,
        droppedBytes: length - part.lastIndexOf('\n') - 1,
      });
      expect(verified).toBe(wholeLines >= 2003 ? 2000 : wholeLines >= 1002 ? 1000 : 0);
      expect(piped).toBe(index);
    }
  });

  it('is no error when it is compressed', async () => {
    const compressed = gzipSync(whole);
    for (const length of [1000, 5000, compressed.length - 1]) {
      expect((await replay(compressed.subarray(0, length))).index).toBeGreaterThanOrEqual(0);
    }
    expect((await replay(compressed.subarray(0, 5000))).cut).toBeDefined();
  });

  it.each([
    ['empty', Buffer.alloc(0), 'recording is empty'],
    ['within its header', Buffer.from('{"format":"tearl'), 'has no whole line'],
    [
      'a binary file',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 10, 0, 10]),
      'line 1 (byte 0) is not UTF-8',
    ],
    ['a text', Buffer.from('hello\n'), 'line 1: this is no recording'],
    ['another JSON', Buffer.from('{"a":1}\n'), 'line 1: this is no recording'],
    ['not gzip at all', Buffer.from([0x1f, 0x8b, 1, 2, 3]), 'is damaged behind line 0'],
  ])('is refused when it is %s', async (_what, bytes, complaint) => {
    await expect(replay(bytes)).rejects.toThrow(complaint);
  });
});

describe('damage is located', () => {
  it.each([
    [
      'a changed event',
      () => changed(1500, /"data":"0/, '"data":"1'),
      'lines 1002 to 2003: something was changed between event 1000 and event 2000',
      1000,
    ],
    ['a missing event', () => withLine(1500), 'line 1501 (byte', 1498],
    ['a missing check line', () => withLine(1001), 'line 1002 (byte', 1000],
    ['an event twice', () => withLine(1500, lines[1500], lines[1500]), 'line 1502 (byte', 1499],
    ['a line that is no JSON', () => withLine(1500, '{"index":1498,'), 'line 1501 (byte', 1498],
    ['a line that is no object', () => withLine(1500, 'null'), 'this is no JSON object: "null"', 1498],
    ['an empty line', () => withLine(1500, ''), 'this is no JSON object: ""', 1498],
    [
      'an unknown line',
      () => withLine(1500, '{"x":1}'),
      'this is no event, check line, verdict or closing line',
      1498,
    ],
    [
      'an unknown kind',
      () => changed(1500, 'store.visible', 'store.vizible'),
      'event 1498: unknown kind "store.vizible"',
      1498,
    ],
    [
      'a field too many',
      () => changed(1500, '"core"', '"x":1,"core"'),
      'store.visible has no field "x"',
      1498,
    ],
    [
      'a wrong digest of a check line',
      () => changed(1001, /"digest":"..../, '"digest":"0000'),
      'lines 1002 to 2003',
      1000,
    ],
    ['a wrong checksum', () => changed(2002, /"checksum":"../, '"checksum":"zz'), 'checksum must be 8', 2000],
    [
      'a wrong closing digest',
      () => changed(2503, /"digest":"..../, '"digest":"0000'),
      'the closing line of the recording was changed',
      2500,
    ],
    ['a wrong end', () => changed(2503, '2500', '2501'), 'end must be 2500 here', 2500],
    ['more behind the end', () => [...lines, lines[2503]], 'there is more behind the closing line', 2500],
  ])('%s', async (_what, damaged, complaint, usable) => {
    const bytes = textOf(damaged());
    const failure = replay(bytes);

    await expect(failure).rejects.toThrow(complaint);
    await expect(failure).rejects.toThrow(new RegExp(`replay --at ${usable} uses what is before`));
    await expect(failure).rejects.toMatchObject({ name: 'InputError' });
    expect((await replay(bytes, { to: usable })).index).toBe(usable);
  });

  it('in compressed data, too', async () => {
    const compressed = gzipSync(whole, { level: 1 });
    const damaged = Buffer.concat([
      compressed.subarray(0, 20_000),
      Buffer.alloc(64),
      compressed.subarray(20_064),
    ]);

    await expect(replay(damaged)).rejects.toThrow(/line \d+.*replay --at \d+ uses what is before/);
  });

  it('by the name of the file', async () => {
    await expect(replayRecording(at('nothing'), persistentMemory)).rejects.toThrow(
      `cannot read ${at('nothing')}: no such file`,
    );
    await expect(replayRecording(at('.'), persistentMemory)).rejects.toThrow('it is a folder (EISDIR)');
  });

  it('without verification only the form counts', async () => {
    const bytes = textOf(changed(1500, /"data":"0/, '"data":"1'));

    expect(await replay(bytes, { verify: false })).toMatchObject({ index: 2500, verified: 0 });
  });
});

describe('a replay that goes another way', () => {
  it('is located between two check lines', async () => {
    const { divergence, index, verified } = await replay(sealed(changed(1500, /"data":"0/, '"data":"1')));

    expect(divergence).toMatchObject({ between: [1000, 2000] });
    expect(divergence?.expected).not.toBe(divergence?.actual);
    expect({ index, verified }).toEqual({ index: 2000, verified: 1000 });
  });

  it('is named when an event that was recorded is illegal now', async () => {
    const { divergence, index } = await replay(sealed(changed(1500, '"core":1', '"core":7')));

    expect(index).toBe(1498);
    expect(divergence).toMatchObject({
      between: [1000, 1499],
      actual: 'illegal: there is no core 7, only 2',
    });
  });

  it('is taken for damage where no checksum confirms the line', async () => {
    const cut = textOf(changed(1500, '"core":1', '"core":7').slice(0, 1600));

    await expect(replay(cut)).rejects.toThrow(/event 1498: .* may be damaged: replay --at 1498/);
  });
});

describe('versions', () => {
  it('another version of the model is stale, not wrong', async () => {
    const failure = replay(sealed(changed(0, '"modelVersion":1', '"modelVersion":2')));

    await expect(failure).rejects.toBeInstanceOf(StaleRecording);
    await expect(failure).rejects.toMatchObject({ model: 'persistent-memory', recorded: 2, present: 1 });
  });

  it.each([
    ['formatVersion', '"formatVersion":1', '"formatVersion":2', 'formatVersion is 2, but only 1 can be read'],
    ['model', 'persistent-memory', 'toaster', 'it is a recording of "toaster", not of persistent-memory'],
    ['seed', '0xfedcba9876543210', '0xfedcba98765432100', 'seed must be a 0x string of 64 bits'],
    ['member', '"seed"', '"__proto__":{},"seed"', 'a key such as __proto__'],
    ['configuration', '"cores":2', '"cores":"2"', 'cores must be a number'],
    ['configuration', '"cores":2', '"cores":1e400', 'levels'],
    ['configuration', '"cores":2', '"sockets":2', 'unknown member "sockets"'],
    ['mutants', '["S12.M3"]', '[3]', 'mutants must be a list of texts'],
    ['inputs', 'abababab', 'ABABABAB', 'inputs must be a list'],
    ['key twice', '"seed"', '"scenario":"x","seed"', 'the key "scenario" stands twice'],
  ])('another %s is refused', async (_what, from, to, complaint) => {
    await expect(replay(sealed(changed(0, from, to)))).rejects.toThrow(complaint);
  });
});

describe('hostile lines', () => {
  const hostile = (text: string): Buffer => sealed(withLine(3, text));
  const event = '"index":2,"kind":"store.visible","core":1,"address":"0x8","data":"01"';

  it.each([
    ['__proto__', `{${event},"__proto__":{"polluted":1}}`, 'has no field "__proto__"'],
    ['constructor', `{${event},"constructor":{"prototype":{"polluted":1}}}`, 'has no field "constructor"'],
    ['a key twice', `{${event},"core":0}`, 'the key "core" stands twice'],
    ['a huge number', `{${event},"cause":1e400}`, 'cause must be'],
    ['a number beyond 2^53', `{${event},"cause":9007199254740993}`, 'cause must be'],
    ['NaN', `{${event},"cause":NaN}`, 'this is no JSON object'],
    [
      'a deep index',
      `{"index":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
      'index must be 2, not that is an object or a list',
    ],
    ['a deep kind', `{"index":2,"kind":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 'unknown kind'],
    ['a deep verdict', `{"verdict":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`, 'verdict must be an object'],
    ['a byte order mark', `\ufeff{${event}}`, 'this is no JSON object'],
    ['CR LF', `{${event}}\r`, 'the line ends in CR LF'],
    [
      'an address as a number',
      `{"index":2,"kind":"line.evicted","address":"8"}`,
      'address of line.evicted must be',
    ],
    ['data in capitals', `{${event.replace('"01"', '"AB"')}}`, 'data of store.visible must be'],
  ])('%s is refused at its place', async (_what, line, complaint) => {
    for (const source of [hostile(line), Readable.from([hostile(line)])]) {
      const failure = replayRecording(source, persistentMemory);

      await expect(failure).rejects.toThrow(complaint);
      await expect(failure).rejects.toThrow(/line 4 \(byte \d+\)/);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('invalid UTF-8 is refused at its place', async () => {
    const bytes = hostile(`{${event},"source":"?"}`);
    bytes[bytes.indexOf('?')] = 0xff;

    await expect(replay(bytes)).rejects.toThrow(/line 4 \(byte \d+\) is not UTF-8/);
  });

  it('a line that is too long is refused before it is read', async () => {
    const lineBytesMax = 1000;
    const long = Buffer.concat([textOf(lines.slice(0, 3)), Buffer.alloc(1e6, 'x')]);
    let taken = 0;
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let from = 0; from < long.length; from += 1000, taken++) yield long.subarray(from, from + 1000);
    }

    await expect(
      replayRecording(Readable.from(chunks()), persistentMemory, { lineBytesMax }),
    ).rejects.toThrow(/line 4 \(byte \d+\) is longer than 1000 bytes/);
    expect(taken).toBeLessThan(100);
  });

  it('the order of keys and white space do not matter', async () => {
    const line =
      '{ "data": "0000000000000002", "kind": "store.visible", "index": 2, "address": "0x8", "core": 1 }';

    expect(await replay(hostile(line))).toMatchObject({ index: 2500, verified: 2500 });
  });
});
