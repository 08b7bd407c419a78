import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageFiles } from '../../src/node/image-files.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tearline-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

describe('images as files', () => {
  it('are what they should be, whatever a checker did to them', () => {
    const files = new ImageFiles(directory);
    const contents = { '/data/pool': bytes(3 << 20, 1), '/other/pool': bytes(100, 2) };
    const path = files.show(contents);
    const outside = join(tmpdir(), `${basename(directory)}-outside`);
    writeFileSync(outside, 'untouched');

    const misdeeds: (() => void)[] = [
      () => writeFileSync(path, 'short'),
      () => writeFileSync(path, Buffer.alloc(5 << 20)),
      () => rmSync(path),
      () => chmodSync(path, 0o600),
      () => linkSync(path, join(directory, 'twin')),
      () => {
        rmSync(path);
        symlinkSync(outside, path);
      },
      () => {
        rmSync(path);
        mkdirSync(path);
        writeFileSync(join(path, 'deep'), '');
      },
      () => writeFileSync(`${path}.lock`, ''),
      () => mkdirSync(join(directory, 'more', 'still'), { recursive: true }),
    ];
    for (const misdeed of misdeeds) {
      misdeed();
      contents['/data/pool'][12345]++;

      expect(files.show(contents)).toBe(path);
      expect(readFileSync(path).equals(contents['/data/pool'])).toBe(true);
      expect(readdirSync(directory).sort()).toEqual(['pool', 'pool-2']);
      expect(readFileSync(join(directory, 'pool-2')).equals(contents['/other/pool'])).toBe(true);
    }
    expect(readFileSync(outside, 'utf8')).toBe('untouched');
    rmSync(outside);
  });

  it('have names that fit into a line and a directory', () => {
    const files = new ImageFiles(directory);
    const path = files.show({
      '/a/line\nbreak': bytes(8, 1),
      '/..': bytes(8, 2),
      '': bytes(8, 3),
      [`/${'x'.repeat(300)}`]: bytes(8, 4),
    });

    expect(path).toBe(join(directory, 'line_break'));
    expect(readdirSync(directory)).toHaveLength(4);
    expect(existsSync(join(directory, 'image'))).toBe(true);
  });
});
