import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRepository, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST4 = inRepository('fixtures/pmem/list4.storelog');
const PROGRAM = inRepository('fixtures/programs/list-push.json');
const OUT = folder('out.ndjson');

writeFileSync(folder('empty'), '');
writeFileSync(
  folder('binary'),
  Uint8Array.from({ length: 5000 }, (_, i) => (i * 37) & 255),
);
writeFileSync(folder('long-line'), `{"format":"${'a'.repeat(17 * 1024 * 1024)}`);
mkdirSync(folder('directory'));

/** What a user can do wrong; each is one line on stderr, status 3, and nothing on stdout or in a file. */
const MISTAKES: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [['imprt', 'x'], /unknown command 'imprt' \(Did you mean import\?\)/],
  [['import', LIST4, '-o', OUT, '--jsn'], /unknown option '--jsn' \(Did you mean --json\?\)/],
  [['import'], /required option '-o, --output <file>' not specified|missing required argument 'log'/],
  [['import', LIST4], /required option '-o, --output <file>' not specified/],
  [['import', LIST4, 'more', '-o', OUT], /too many arguments/],
  [['import', folder('none'), '-o', OUT], /cannot read .*none: no such file or folder/],
  [['import', folder('directory'), '-o', OUT], /cannot read .*directory: it is a folder/],
  [['import', folder('binary'), '-o', OUT], /binary: no START record/],
  [['import', folder('empty'), '-o', OUT], /empty: no START record/],
  [['import', inRepository('replays/listbug8-missing-fence.ndjson'), '-o', OUT], /is no store log/],
  [['import', LIST4, '-o', folder('none/out')], /cannot write .*none\/out: no such file or folder/],
  [['import', LIST4, '-o', folder('directory')], /cannot write .*directory: it is a folder/],
  [['import', LIST4, '-o', OUT, '--platform', 'p1'], /It must be one of P0, P1, P1f, P2/],
  [['import', LIST4, '-o', OUT, '--base', 'pool.img'], /It must be FILE=IMAGE/],
  [['import', LIST4, '-o', OUT, '--base', 'pool.img=/none'], /cannot read \/none/],
  [['import', LIST4, '-o', '-', '--json'], /standard output cannot take both/],
  [['record', folder('binary'), '-o', OUT], /binary is no JSON/],
  [['record', LIST4, '-o', OUT], /is no JSON/],
  [['record', PROGRAM, '-o', OUT, '--seed', '0x10000000000000000'], /It must be a number of 64 bits/],
  [['record', PROGRAM, '-o', OUT, '--seed', '1.5'], /It must be a number of 64 bits/],
  [['record', PROGRAM, '-o', OUT, '--evictions', '1001'], /from 0 to 1000/],
  [['replay', folder('none')], /cannot read .*none/],
  [['replay', folder('directory')], /it is a folder/],
  [['replay', folder('empty')], /is empty: it is no recording/],
  [['replay', folder('binary')], /is no recording/],
  [['replay', folder('long-line')], /is longer than 16777216 bytes/],
  [['replay', LIST4], /is no recording; of a store log, tearline import/],
  [['show', LIST4], /required option '--at <index>' not specified/],
  [['show', LIST4, '--at', '1e3'], /It must be a number of events/],
  [['show', LIST4, '--at', '9007199254740993'], /It must be a number of events/],
  [['show', LIST4, '--at', '225'], /has 224 events: 225 lies behind its end; give 0 to 224, or end/],
  [['show', LIST4, '--at', '-225'], /-225 lies before its beginning/],
  [
    ['show', LIST4, '--at', 'end', '--line', '0xffff000000000000'],
    /nothing is mapped at .*mapped: pool\.img\+0x0 at 0x/,
  ],
  [['show', LIST4, '--at', '0', '--line', 'pool.img+0'], /no file is mapped yet/],
  [['show', LIST4, '--at', 'end', '--line', 'poll.img+0'], /there is no one file of that name/],
  [['show', LIST4, '--at', 'end', '--line', 'pool.img+0x2000'], /lies behind the end of the file/],
  [['show', LIST4, '--at', 'end', '--bytes', 'pool.img+0'], /must be ADDRESS:LENGTH/],
  [['show', folder('binary'), '--at', '0'], /binary/],
  [['diff', LIST4, folder('none')], /cannot read/],
  [['diff', LIST4, `${LIST4}@3`], /compare a place with a place/],
  [['diff', '-', '-'], /standard input is read once/],
  [['export', folder('binary'), '-o', OUT], /binary/],
  [['list', folder('none')], /cannot read .*none/],
  [
    ['import', LIST4, '-o', folder('empty/out')],
    /cannot write .*empty\/out: a part of the path is no folder/,
  ],
  [['campaign', LIST4, '--report', folder('empty')], /cannot write into .*empty: a part of the path/],
  [['campaign', LIST4, '--witnesses', folder('empty/more')], /cannot write into .*more: a part of the path/],
  [['campaign', LIST4, '--results', folder('directory')], /cannot read .*directory: it is a folder/],
  [
    ['inject', LIST4, '--at', 'end', '--fault', 'power-loss', '-o', OUT, '--image', folder('none/image')],
    /cannot write .*none\/image/,
  ],
  [['help', 'campagin'], /there is no such command/],
];

describe('a mistake is one line that says what, where and how to mend it', () => {
  for (const [argv, told] of MISTAKES) {
    it(argv.map((word) => word.slice(word.lastIndexOf('/') + 1)).join(' '), async () => {
      const { status, stdout, stderr } = await ran(argv);
      expect(stderr).toMatch(told);
      expect(stderr).toMatch(/^tearline: [^\n]+\n$/);
      expect(status).toBe(3);
      expect(stdout).toBe('');
      expect(readdirSync(folder('')).sort()).toEqual(['binary', 'directory', 'empty', 'long-line']);
    });
  }

  it('a text from a file or the command line adds no line and moves no cursor', async () => {
    const { stderr } = await ran(['replay', 'x\n\u001b[2Jy']);
    expect(stderr).toMatch(/^tearline: [^\n]+\n$/);
    expect(stderr).not.toContain('\u001b');
  });
});
