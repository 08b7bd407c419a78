import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DebugInformation } from '../../../src/guests/debug/debug-information.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/debug/debug-information.test.ts';
const LINES = 'fixtures/x86/lines';
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(LINES, `${name}.elf`)));

const BUILDS = [
  'dwarf-2',
  'dwarf-3',
  'dwarf-4-O0',
  'dwarf-4-O2',
  'dwarf-5-O0',
  'dwarf-5-O2',
  'dwarf-5-64',
  'own-tables',
  'position-independent',
];

/** Builds that addr2line cannot read, and others of the same instructions that it can. */
const SAME_CODE: Readonly<Record<string, string>> = { 'dwarf-5-64': 'compressed' };

/** No code is below; functions that the linker dropped stay at 0. */
const FIRST_CODE = 0x100;

/** What `objdump --dwarf=decodedline` tells of each address: of several rows the last. An end is not known. */
function objdumpLines(name: string): Map<number, string> {
  const lines = new Map<number, string>();
  for (const text of readFileSync(join(LINES, `${name}.txt`), 'utf8').split('\n')) {
    const row = /^(\S+) +(\d+|-) +(0x[0-9a-f]+|0)\b/.exec(text);
    if (row === null) continue;
    const [, file, line, address] = row;
    lines.set(Number(address), line === '-' ? 'unknown' : `${file}:${line}`);
  }
  return lines;
}

/** What `addr2line -a -f -i` tells of each instruction: functions and lines, innermost first. */
function addr2lineFrames(name: string): Map<number, string[]> {
  const frames = new Map<number, string[]>();
  const parts = readFileSync(join(LINES, `${name}.frames.txt`), 'utf8').split(/^0x/m);
  for (const part of parts.slice(1)) {
    const [address, ...told] = part.trimEnd().split('\n');
    const words = told.map((text) =>
      text.replace(/^(\.\/)+/, '').replace(/ \(discriminator \d+\)$|(?<=\?:)[?0]$/, ''),
    );
    const pairs = words.flatMap((word, place) => (place % 2 === 0 ? [`${word} ${words[place + 1]}`] : []));
    frames.set(Number.parseInt(address, 16), pairs);
  }
  return frames;
}

const toldFrames = (debug: DebugInformation, address: number): string[] =>
  debug
    .framesOf(address)
    .map(({ name, at }) => `${name} ${at === undefined ? '??:' : `${at.file}:${at.line}`}`);

describe.each(BUILDS)('the program compiled as %s', (name) => {
  it('has the lines that objdump reads', () => {
    const debug = new DebugInformation(read(name));
    const expected = objdumpLines(name);
    expect(expected.size).toBeGreaterThan(20);
    for (const [address, line] of expected) {
      if (address < FIRST_CODE) continue;
      const told = debug.lineOf(address);
      const words = told === undefined ? 'unknown' : `${told.file.split('/').at(-1)}:${told.line}`;
      expect(words, `0x${address.toString(16)}`).toBe(line);
    }
  });

  it('has the inlined calls that addr2line reads', () => {
    const debug = new DebugInformation(read(name));
    const expected = addr2lineFrames(SAME_CODE[name] ?? name);
    expect(expected.size).toBeGreaterThan(20);
    for (const [address, frames] of expected) {
      expect(toldFrames(debug, address), `0x${address.toString(16)}`).toEqual(frames);
    }
  });
});

describe('addresses in words', () => {
  it('name function, offset, and where it is in the source', () => {
    const debug = new DebugInformation(read('dwarf-5-O0'));
    const { address } = functionNamed(debug, 'sum');
    expect(debug.describeAddress(address)).toBe('sum+0x0 (sum.c:10)');
  });

  it('name inlined functions first', () => {
    const debug = new DebugInformation(read('dwarf-5-O0'));
    const [address] = [...addr2lineFrames('dwarf-5-O0')].find(([, frames]) => frames.length === 3)!;
    const { name, address: start } = debug.functionOf(address)!;
    const offset = (address - start).toString(16);
    expect(debug.describeAddress(address)).toMatch(
      new RegExp(
        `^at_least \\(include/clamp.h:\\d+\\) in clamp \\(include/clamp.h:7\\) in ${name}\\+0x${offset} \\(`,
      ),
    );
  });

  it('are unknown where the file tells nothing', () => {
    expect(new DebugInformation(read('stripped')).describeAddress(0x401000)).toBeUndefined();
    expect(new DebugInformation(read('dwarf-5-O2')).describeAddress(0x10)).toBeUndefined();
  });

  it('have no line where the tables are compressed, but their function', () => {
    const debug = new DebugInformation(read('compressed'));
    const { address } = functionNamed(debug, 'sum');
    expect(debug.lineOf(address)).toBeUndefined();
    expect(debug.describeAddress(address + 4)).toBe('sum+0x4');
  });
});

describe('damaged files', () => {
  const files = [...BUILDS, 'compressed', 'stripped'].map(read);
  const ask = (bytes: Uint8Array): void => {
    const debug = new DebugInformation(bytes);
    for (let address = 0x400000; address < 0x400400; address += 13) {
      expect(debug.describeAddress(address)).not.toBe('');
    }
  };

  it('never throw when bytes are altered', () => {
    const alteration = fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255));
    const property = fc.property(
      fc.constantFrom(...files),
      fc.array(alteration, { minLength: 1, maxLength: 40 }),
      (file, alterations) => {
        const bytes = file.slice();
        for (const [place, byte] of alterations) bytes[Math.floor(place * bytes.length)] = byte;
        ask(bytes);
      },
    );
    holds(property, 400, FILE);
  });

  it('never throw when they end early', () => {
    const property = fc.property(fc.constantFrom(...files), fc.nat(20_000), (file, sizeBytes) => {
      ask(file.subarray(0, sizeBytes));
    });
    holds(property, 200, FILE);
  });
});

/** The function with a name, found by asking all addresses that a small program can have. */
function functionNamed(debug: DebugInformation, name: string) {
  for (let address = 0x400000; address < 0x402000; address++) {
    const found = debug.functionOf(address);
    if (found?.name === name) return found;
  }
  throw new Error(`no function ${name}`);
}
