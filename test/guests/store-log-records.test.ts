import { describe, expect, it } from 'vitest';
import { importStoreLog } from '../../src/guests/store-log/store-log.ts';
import { FILE_SPACE_BYTES } from '../../src/hardware/persistent-memory/configuration.ts';
import { imported, operationsOfRecords, storeLog } from '../support/store-logs.ts';

const flush = (address: number, sizeBytes: number) => ({
  type: 'flush',
  core: 0,
  address,
  sizeBytes,
  instruction: 'clwb',
});
const store = (address: number, data: string) => ({ type: 'store', core: 0, address, data });
const fence = { type: 'fence', core: 0, instruction: 'sfence' };

describe('REGISTER_FILE', () => {
  it('gives each file its NVDIMM addresses in the order in which files are seen first', () => {
    const { operations } = imported([
      'REGISTER_FILE;/a;0x10000;0x1000;0x0',
      'REGISTER_FILE;/b;0x20000;0x1000;0x3000',
      'REGISTER_FILE;/a;0x7fff00000000;0x2000;0x1000',
      'STORE;0x10000;0x1;0x1',
      'STORE;0x20008;0x2;0x1',
      'STORE;0x7fff00000010;0x3;0x1',
    ]);

    expect(operations.slice(0, 3)).toEqual([
      { type: 'map', file: '/a', base: 0x10000n, sizeBytes: 0x1000, fileOffset: 0 },
      { type: 'map', file: '/b', base: 0x20000n, sizeBytes: 0x1000, fileOffset: 0x3000 },
      { type: 'map', file: '/a', base: 0x7fff00000000n, sizeBytes: 0x2000, fileOffset: 0x1000 },
    ]);
    expect(operations.slice(3)).toEqual([
      store(0, '01'),
      store(FILE_SPACE_BYTES + 0x3008, '02'),
      store(0x1010, '03'),
    ]);
  });

  it('takes a path with semicolons, and a file that is mapped twice in the same place', () => {
    const { operations } = imported([
      'REGISTER_FILE;/a;b;0x10000;0x1000;0x0',
      'REGISTER_FILE;/c;0x10000;0x800;0x0',
      'STORE;0x10000;0x1;0x1',
      'STORE;0x10800;0x1;0x1',
    ]);

    expect(operations[0]).toMatchObject({ file: '/a;b' });
    expect(operations.slice(2)).toEqual([store(FILE_SPACE_BYTES, '01'), store(0x800, '01')]);
  });

  it('keeps 64-bit addresses exactly', () => {
    const { operations } = imported([
      'REGISTER_FILE;/a;0xffffffffffff0000;0x10000;0x0',
      'STORE;0xffffffffffff0001;0xab;0x1',
      'STORE;0xffffffffffffffff;0xcd;0x1',
      'STORE;0x7fffffffffff0001;0xef;0x1',
    ]);

    expect(operations.slice(1)).toEqual([store(1, 'ab'), store(0xffff, 'cd')]);
  });

  it.each([
    ['a size of 0', 'REGISTER_FILE;/a;0x1000;0x0;0x0'],
    [
      'a file that is larger than its address space',
      `REGISTER_FILE;/a;0x1000;0x1000;0x${FILE_SPACE_BYTES.toString(16)}`,
    ],
    ['a mapping that reaches over the last address', 'REGISTER_FILE;/a;0xfffffffffffff000;0x2000;0x0'],
    ['no path', 'REGISTER_FILE;;0x1000;0x1000;0x0'],
    ['too few fields', 'REGISTER_FILE;0x1000;0x1000;0x0'],
  ])('refuses %s', (_what, record) => {
    expect(() => imported([record])).toThrow(/^store log: record 2 at byte 12 .* \(head -c 12 keeps/);
  });
});

describe('STORE', () => {
  it.each([
    [1, '0xab', 'ab'],
    [2, '0xab', 'ab00'],
    [2, '0xabcd', 'cdab'],
    [4, '0x12345678', '78563412'],
    [8, '0x123456789abcdef', 'efcdab8967452301'],
    [8, '0xFFFFFFFFFFFFFFFF', 'ffffffffffffffff'],
    [8, '0x00000000000000000001', '0100000000000000'],
  ])('of %i bytes, %s, is little-endian', (size, value, data) => {
    expect(operationsOfRecords(`STORE;0x10010;${value};0x${size}`)).toEqual([store(0x10, data)]);
  });

  it('keeps its frames', () => {
    const [one, two, none, empty] = operationsOfRecords(
      'STORE;0x10000;0x0;0x1;0x1: f (a.c:1)',
      'STORE;0x10000;0x0;0x1;0x1: f (a.c:1);0x2: main (a.c:9)',
      'STORE;0x10000;0x0;0x1',
      'STORE;0x10000;0x0;0x1;',
    );

    expect(one).toMatchObject({ source: '0x1: f (a.c:1)' });
    expect(two).toMatchObject({ source: '0x1: f (a.c:1); 0x2: main (a.c:9)' });
    expect(none).not.toHaveProperty('source');
    expect(empty).toMatchObject({ source: '' });
  });

  it('may come from an operator whose name has a bar in it', () => {
    const operations = operationsOfRecords(
      'STORE;0x10000;0x0;0x1;0x1: operator|(A, B) (a.cc:1)',
      'STORE;0x10000;0x0;0x1;0x1: operator|| (a.cc:2)',
      'FENCE',
    );

    expect(operations.map((one) => ('source' in one ? one.source : one.type))).toEqual([
      '0x1: operator|(A, B) (a.cc:1)',
      '0x1: operator|| (a.cc:2)',
      'fence',
    ]);
  });

  it('is left out where nothing is mapped, and cut where it reaches over an edge', () => {
    const { operations, summary } = imported([
      'STORE;0x10000;0x1;0x8',
      'REGISTER_FILE;/a;0x10000;0x1000;0x0',
      'STORE;0xfff8;0x1;0x8',
      'STORE;0xfffc;0x1122334455667788;0x8',
      'STORE;0x10ffe;0x11223344;0x4',
    ]);

    expect(operations.slice(1)).toEqual([store(0, '44332211'), store(0xffe, '4433')]);
    expect(summary).toMatchObject({ skipped: { stores: 2 }, cutStores: 2 });
  });

  it('goes on in the mapping behind: as one where the file goes on, too', () => {
    const { operations, summary } = imported([
      'REGISTER_FILE;/a;0x10000;0x1000;0x0',
      'REGISTER_FILE;/a;0x11000;0x1000;0x1000',
      'REGISTER_FILE;/b;0x12000;0x1000;0x0',
      'STORE;0x10ffc;0x1122334455667788;0x8',
      'STORE;0x11ffc;0x1122334455667788;0x8',
    ]);

    expect(operations.slice(3)).toEqual([
      store(0xffc, '8877665544332211'),
      store(0x1ffc, '88776655'),
      store(FILE_SPACE_BYTES, '44332211'),
    ]);
    expect(summary.cutStores).toBe(0);
  });

  it.each([
    ['STORE;0x10000;0x1', 'must be STORE;address;value;size'],
    ['STORE;0x10000;0x1;8', 'must be STORE;address;value;size'],
    ['STORE;10000;0x1;0x8', 'must be STORE;address;value;size'],
    ['STORE;0x10000;-0x1;0x8', 'must be STORE;address;value;size'],
    ['STORE;0x10000000000000000;0x1;0x8', 'must be STORE;address;value;size'],
    ['STORE;0x10000;0x1;0x3', 'stores 3 bytes'],
    ['STORE;0x10000;0x100;0x1', 'does not fit into 1 bytes'],
    ['STORE', 'is unknown'],
    ['STOVE', 'is unknown'],
    ['FENC', 'is unknown'],
    ['FENCE;', 'is unknown'],
    ['FLUSH;0x10000', 'must be FLUSH;address;size'],
    ['FLUSH;0x10000;0x40;0x1', 'must be FLUSH;address;size'],
    ['DEEP_SYNC;0x10000', 'must be DEEP_SYNC;address;length'],
    ['what is this?', 'is unknown'],
  ])('is refused as %s', (record, complaint) => {
    expect(() => operationsOfRecords(record)).toThrow(complaint);
    expect(() => operationsOfRecords(record)).toThrow(/^store log: record 3 at byte 52 /);
  });
});

describe('FLUSH, FENCE and DEEP_SYNC', () => {
  it('of a single instruction means the line of its address', () => {
    expect(operationsOfRecords('FLUSH;0x10040;0x40', 'FLUSH;0x10048;0x40')).toEqual([
      flush(0x40, 64),
      flush(0x40, 64),
    ]);
  });

  it('of a range means the range, as far as it is mapped', () => {
    expect(
      operationsOfRecords('FLUSH;0x10008;0x100', 'FLUSH;0x1ff00;0x1000', 'FLUSH;0x0;0xffffffffffffffff'),
    ).toEqual([flush(8, 0x100), flush(0xff00, 0x100), flush(0, 0x10000)]);
  });

  it('of nothing that is mapped is left out and counted', () => {
    const { operations, summary } = imported([
      'REGISTER_FILE;/a;0x10000;0x1000;0x0',
      'FLUSH;0x20000;0x40',
      'FLUSH;0x10000;0x0',
    ]);

    expect(operations).toHaveLength(1);
    expect(summary.skipped.flushes).toBe(2);
  });

  it('a deep sync is a flush and a fence, a fence may come before any file', () => {
    expect(operationsOfRecords('DEEP_SYNC;0x10000;0x80')).toEqual([flush(0, 0x80), fence]);
    expect(imported(['FENCE']).operations).toEqual([fence]);
  });
});

describe('markers', () => {
  it.each([
    'PUSH.BEGIN',
    'PUSH.END',
    'my own marker.BEGIN',
    'CHECKPOINT',
    'phase.one',
    'libpmemobj:tx',
    '__proto__',
  ])('%s is one', (name) => {
    expect(operationsOfRecords(name)).toEqual([{ type: 'marker', core: 0, name }]);
  });
});

describe('a log that is not only records', () => {
  const start =
    '==7== pmemcheck-1.0, a persistent memory checker\n==7== Command: ./a | b\n==7== \n==7== START';

  it('may have talk before, in the middle and behind', () => {
    const text = `${start}|FENCE\r\n==7== \n==7== Process terminating with default action of signal 11\n==7==    at 0x1: main (a.c:1)\n==7== |FENCE==7== Warning: noted\n==7== |==7== more\n|FENCE|STOP\n==7== \n==7== Number of stores not made persistent: 0\n==7== [0] a | b\n`;
    const { operations, summary } = importStoreLog(Buffer.from(text));

    expect(operations).toEqual([fence, fence, fence]);
    expect(summary).toMatchObject({ records: 5, stopped: true });
  });

  it('may end within a record, which is left out, or behind a line break', () => {
    const cut = importStoreLog(Buffer.from('==7== START|FENCE|STORE;0x1000;0x'));
    const whole = importStoreLog(Buffer.from('==7== START|FENCE|FENCE\n'));

    expect(cut.operations).toEqual([fence]);
    expect(cut.summary).toMatchObject({
      stopped: false,
      dropped: { record: 3, byteOffset: 18, text: 'STORE;0x1000;0x' },
    });
    expect(whole.operations).toEqual([fence, fence]);
    expect(whole.summary).toMatchObject({ stopped: false });
    expect(whole.summary.dropped).toBeUndefined();
  });

  it('may end at every byte', () => {
    const text = storeLog('list4');
    const all = importStoreLog(text).operations;
    for (let length = '==32587== START'.length; length < text.length; length++) {
      const { operations, summary } = importStoreLog(text.subarray(0, length));

      expect(operations).toEqual(all.slice(0, operations.length));
      expect(summary.stopped).toBe(text.subarray(0, length).toString().trimEnd().endsWith('|STOP'));
    }
  });

  it.each([
    ['empty', '', 'no START record'],
    ['without START', 'FENCE|FENCE', 'no START record'],
    ['with lines', '==1== START|FENCE\nFENCE|STOP', 'record 3 at byte 18 stands on a line of its own'],
    ['with more behind STOP', '==1== START|STOP|FENCE|', 'record 3 at byte 17 stands after STOP'],
    ['of two runs', '==1== START|STOP\n==2== START|FENCE|STOP\n', 'record 3 at byte 17 stands after STOP'],
    ['without bars', `==1== START|${'x'.repeat(2 ** 20 + 1)}`, 'the record at byte 12 is longer than'],
  ])('is refused: %s', (_what, text, complaint) => {
    expect(() => importStoreLog(Buffer.from(text))).toThrow(complaint);
  });
});

describe('base contents', () => {
  const image = new Uint8Array(3 * 4096);
  image[5] = 0xaa;
  image[2 * 4096] = 0xbb;
  const at = (...places: number[]) =>
    places.map((address) => expect.objectContaining({ type: 'load', address }));

  it('are loaded when their file is registered, without the zeros', () => {
    const { operations } = imported(['REGISTER_FILE;/dev/shm/pool;0x10000;0x3000;0x0'], {
      base: new Map([['pool', image]]),
    });

    expect(operations.slice(1)).toEqual(at(0, 0x2000));
    expect(operations[1]).toMatchObject({ data: `0000000000aa${'00'.repeat(4090)}` });
  });

  it('are loaded once for each byte, only as far as mapped', () => {
    const { operations } = imported(
      [
        'REGISTER_FILE;/b;0x90000;0x1000;0x0',
        'REGISTER_FILE;/pool;0x10000;0x1000;0x2000',
        'REGISTER_FILE;/pool;0x20000;0x3000;0x0',
      ],
      { base: new Map([['/pool', image]]) },
    );

    expect(operations.filter(({ type }) => type === 'load')).toEqual(
      at(FILE_SPACE_BYTES + 0x2000, FILE_SPACE_BYTES),
    );
  });

  it('of a file that is not there are named', () => {
    expect(() => imported([], { base: new Map([['typo', image]]) })).toThrow(
      'none registers typo, for which base contents are given',
    );
  });
});
