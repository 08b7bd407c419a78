import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/guests/debug/byte-reader.ts';
import type { LineHeader } from '../../../src/guests/debug/line-header.ts';
import { type LineSequence, runLineProgram } from '../../../src/guests/debug/line-program.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/debug/line-program.test.ts';
const LINE_BASE = -5;
const LINE_RANGE = 14;
const OPCODE_BASE = 13;

/** What a program is written from: from the row before, so many addresses and lines on, in a file, told in one of these ways. */
interface Step {
  readonly way: 'special' | 'plain' | 'fixed' | 'constant';
  readonly addresses: number;
  readonly lines: number;
  readonly file: number;
}

const uleb = (value: number): number[] =>
  value < 128 ? [value] : [128 | (value % 128), ...uleb(value >> 7)];

const sleb = (value: number): number[] =>
  value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...sleb(value >> 7)];

const extended = (code: number, operands: readonly number[]): number[] => [
  0,
  ...uleb(1 + operands.length),
  code,
  ...operands,
];

const setAddress = (address: number): number[] =>
  extended(2, [...new Uint8Array(new BigUint64Array([BigInt(address)]).buffer)]);

/** One row, by the opcodes of DWARF 5, sections 6.2.5.1 to 6.2.5.3. Operands that mean nothing to rows come in between. */
function encodeStep({ way, addresses, lines, file }: Step): number[] {
  const noise = [...[5, ...uleb(77)], 6, 7, 10, 11, ...[12, ...uleb(300)], ...extended(4, uleb(9))];
  const start = [...noise, 4, ...uleb(file)];
  const far = [2, ...uleb(addresses), 3, ...sleb(lines), 1];
  const perConstant = Math.floor((255 - OPCODE_BASE) / LINE_RANGE);
  const special = lines - LINE_BASE + LINE_RANGE * addresses + OPCODE_BASE;
  switch (way) {
    case 'special':
      return special >= OPCODE_BASE && special <= 255 && lines >= LINE_BASE && lines < LINE_BASE + LINE_RANGE
        ? [...start, special]
        : [...start, ...far];
    case 'plain':
      return [...start, ...far];
    case 'fixed':
      return [...start, 9, addresses & 0xff, addresses >> 8, 3, ...sleb(lines), 1];
    case 'constant':
      return addresses >= perConstant
        ? [...start, 8, 2, ...uleb(addresses - perConstant), 3, ...sleb(lines), 1]
        : [...start, ...far];
  }
}

const header = (program: readonly number[]): LineHeader => ({
  addressBytes: 8,
  minimumInstructionBytes: 1,
  operationsPerInstruction: 1,
  lineBase: LINE_BASE,
  lineRange: LINE_RANGE,
  opcodeBase: OPCODE_BASE,
  operandCounts: Uint8Array.of(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1),
  directories: ['', 'include'],
  files: ['', 'a.c', 'b.c', 'c.c'],
  program: new ByteReader(Uint8Array.from(program)),
});

const step: fc.Arbitrary<Step> = fc.record({
  way: fc.constantFrom('special', 'plain', 'fixed', 'constant'),
  addresses: fc.oneof(fc.nat(20), fc.nat(0xffff)),
  lines: fc.oneof(fc.integer({ min: -6, max: 10 }), fc.integer({ min: -5000, max: 5000 })),
  file: fc.integer({ min: 1, max: 3 }),
});

describe('line-number programs', () => {
  it('give the rows that they were written from, whichever opcodes tell them', () => {
    const sequence = fc.record({
      start: fc.nat(2 ** 40),
      steps: fc.array(step, { minLength: 1, maxLength: 20 }),
      tail: fc.nat(500),
    });
    const property = fc.property(fc.array(sequence, { maxLength: 4 }), (sequences) => {
      const program: number[] = [];
      const expected: LineSequence[] = [];
      for (const { start, steps, tail } of sequences) {
        program.push(...setAddress(start));
        const rows = [];
        let [address, line] = [start, 1];
        for (const one of steps) {
          program.push(...encodeStep(one));
          address += one.addresses;
          line += one.lines;
          rows.push({ address, file: one.file, line });
        }
        program.push(2, ...uleb(tail), ...extended(1, []));
        expected.push({ rows, end: address + tail });
      }
      expect([...runLineProgram(header(program))]).toEqual(expected);
    });
    holds(property, 300, FILE);
  });

  it('may define files of their own', () => {
    const defined = extended(3, [...Buffer.from('own.h\0'), ...uleb(1), ...uleb(0), ...uleb(0)]);
    const told = header([...defined, ...setAddress(64), 4, 4, 1, ...extended(1, [])]);

    expect([...runLineProgram(told)]).toEqual([{ rows: [{ address: 64, file: 4, line: 1 }], end: 64 }]);
    expect(told.files[4]).toBe('include/own.h');
  });

  it('keep the sequences before a damaged place', () => {
    const whole = [...setAddress(64), 1, ...extended(1, [])];
    const sequences: LineSequence[] = [];

    expect(() => {
      for (const sequence of runLineProgram(header([...whole, 0, 9, 2, 1]))) sequences.push(sequence);
    }).toThrow();
    expect(sequences).toHaveLength(1);
  });

  it('count operations within instructions of very long words', () => {
    const told = { ...header([...setAddress(64), 2, 7, 1, ...extended(1, [])]), operationsPerInstruction: 3 };
    const [{ rows }] = runLineProgram({ ...told, minimumInstructionBytes: 16 });

    expect(rows).toEqual([{ address: 64 + 2 * 16, file: 1, line: 1 }]);
  });
});
