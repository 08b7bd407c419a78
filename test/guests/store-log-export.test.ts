import { describe, expect, it } from 'vitest';
import { exportStoreLog } from '../../src/guests/store-log/store-log.ts';
import type { Operation } from '../../src/hardware/persistent-memory/operations.ts';

const map: Operation = { type: 'map', file: '/a', base: 0x10000n, sizeBytes: 0x1000, fileOffset: 0 };
const told = (...operations: Operation[]) => {
  const { log, lost } = exportStoreLog([map, ...operations]);
  const records = log.trimEnd().split('|').slice(2, -1);
  return {
    records,
    lost: lost.map(({ what, count, firstOperation }) => `${count} from ${firstOperation}: ${what}`),
  };
};

describe('what the format cannot tell is told in other words, and listed', () => {
  it('a wide store, as the machine cuts it', () => {
    expect(
      told({ type: 'store', core: 0, address: 4, data: '0102030405060708090a0b0c', source: '0x1: f' }),
    ).toEqual({
      records: ['STORE;0x10004;0x4030201;0x4;0x1: f', 'STORE;0x10008;0xc0b0a0908070605;0x8;0x1: f'],
      lost: ['1 from 1: a store that is not of 1, 2, 4 or 8 bytes, told as several'],
    });
  });

  it('a store that was cut at the edge of a mapping, without loss', () => {
    expect(told({ type: 'store', core: 0, address: 0xffd, data: '010203' })).toEqual({
      records: ['STORE;0x10ffd;0x30201;0x4'],
      lost: [],
    });
    expect(told({ type: 'store', core: 0, address: 0, data: '0102030405' })).toEqual({
      records: ['STORE;0xfffd;0x504030201000000;0x8'],
      lost: [],
    });
  });

  it('a non-temporal store, as a store and a flush of its bytes', () => {
    expect(told({ type: 'store', core: 0, address: 8, data: '01', nonTemporal: true })).toEqual({
      records: ['STORE;0x10008;0x1;0x1', 'FLUSH;0x10008;0x1'],
      lost: ['1 from 1: a non-temporal store, told as a store and a flush of its bytes'],
    });
  });

  it('other instructions, other cores, loads and hints', () => {
    expect(
      told(
        { type: 'flush', core: 1, address: 0x40, sizeBytes: 64, instruction: 'clflush' },
        { type: 'flush', core: 0, address: 0x40, sizeBytes: 64, instruction: 'clflushopt' },
        { type: 'fence', core: 0, instruction: 'mfence' },
        { type: 'load', address: 0, data: '01' },
        { type: 'hint', core: 0, controller: 0 },
        { type: 'hint', core: 0, controller: 1 },
      ),
    ).toEqual({
      records: ['FLUSH;0x10040;0x40', 'FLUSH;0x10040;0x40', 'FENCE'],
      lost: [
        '1 from 1: CLFLUSH, told as CLWB',
        '1 from 1: which core did it',
        '1 from 2: CLFLUSHOPT, told as CLWB',
        '1 from 3: a fence that is no SFENCE, told as SFENCE',
        '1 from 4: contents from before the run',
        '2 from 5: a flush hint',
      ],
    });
  });

  it('names and frames that would be taken for something else', () => {
    expect(
      told(
        { type: 'marker', core: 0, name: 'FENCE' },
        { type: 'marker', core: 0, name: 'a|b.BEGIN' },
        { type: 'store', core: 0, address: 0, data: '01', source: 'f(a|b)' },
        { ...map, file: 'a|b' },
        { type: 'store', core: 0, address: 0x2000, data: '01' },
      ),
    ).toEqual({
      records: ['STORE;0x10000;0x1;0x1;f(a b)'],
      lost: [
        '2 from 1: a marker whose name the format cannot tell',
        '1 from 3: a part of a stack frame',
        '1 from 4: a file whose path the format cannot tell',
        '1 from 5: a store that is not of 1, 2, 4 or 8 bytes, told as several',
        '1 from 5: what is not mapped',
      ],
    });
  });
});
