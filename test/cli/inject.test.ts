import { mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tearline } from '../support/command-line.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/programs/list-push.json');
const BUG = inRepository('fixtures/pmem/listbug8.storelog');
const OUT = folder('out.ndjson');

await ran(['record', LIST, '-o', folder('p1.ndjson')]);
await ran(['record', LIST, '-o', folder('p0.ndjson'), '--platform', 'P0']);

const inject = (file: string, ...options: string[]) => ran(['inject', file, ...options, '-o', OUT]);

/** The kinds of events of the recording that was written. */
const kinds = (): string[] =>
  [...readFileSync(OUT, 'utf8').matchAll(/"kind":"([\w.]+)"/g)].map(([, kind]) => kind);

describe('inject', () => {
  it('power-loss: nothing more than what is sure survives', async () => {
    const found = await json([
      'inject',
      folder('p1.ndjson'),
      '--at',
      '15',
      '--fault',
      'power-loss',
      '-o',
      OUT,
      '--image',
      folder('image'),
    ]);
    expect(found).toMatchObject({
      at: 15,
      events: 16,
      addedEvents: 1,
      images: [{ file: 'list', sizeBytes: 4096 }],
    });
    expect(kinds().at(-1)).toBe('power.lost');
    expect(readFileSync(folder('image')).readUInt8(0x40)).toBe(1);
    expect(readFileSync(folder('image')).readUInt8(0)).toBe(0);
    expect((await ran(['replay', OUT, '--verify'])).status).toBe(0);
  });

  it('power-loss with survivors: the eviction is due behind the last piece that survives', async () => {
    await inject(folder('p1.ndjson'), '--at', '9', '--fault', 'power-loss', '--survivors', 'list+0x40=1');
    expect(kinds().slice(4, 6)).toEqual(['store.visible', 'line.evicted']);
    await inject(folder('p1.ndjson'), '--at', '9', '--fault', 'power-loss', '--survivors', 'all');
    expect(kinds().slice(6, 8)).toEqual(['store.visible', 'line.evicted']);
  });

  it('adr-failure: the queues are lost too', async () => {
    await inject(folder('p1.ndjson'), '--at', 'end', '--fault', 'adr-failure', '--image', folder('adr'));
    expect(readFileSync(folder('adr')).every((byte) => byte === 0)).toBe(true);
    expect(JSON.parse(readFileSync(OUT, 'utf8').split('\n')[0])).toMatchObject({
      configuration: { platform: 'P1f' },
    });
  });

  it('eviction: the run goes on as far as it still can', async () => {
    await inject(folder('p1.ndjson'), '--at', '7', '--fault', 'eviction', '--line', 'list+0x40', '--go-on');
    expect(kinds()[7]).toBe('line.evicted');
    expect(kinds()).toHaveLength(37); // one more, and one acceptance that has nothing to accept
    const [before, after] = await Promise.all([
      json(['replay', folder('p1.ndjson')]),
      json(['replay', OUT, '--verify']),
    ]);
    expect(after['digest']).toBe(before['digest']);
  });

  it('torn-write: some atoms of a line', async () => {
    await inject(
      folder('p0.ndjson'),
      '--at',
      'end',
      '--fault',
      'torn-write',
      '--line',
      'list+0x80',
      '--atoms',
      '1',
      '--image',
      folder('torn'),
    );
    expect(kinds().slice(-2)).toEqual(['wpq.torn', 'power.lost']);
    expect(readFileSync(folder('torn')).subarray(0x80, 0x90).toString('hex')).toBe(
      '00000000000000004000000000000000',
    );
  });

  it('images of several files go into a directory', async () => {
    mkdirSync(folder('images'));
    const found = await json([
      'inject',
      BUG,
      '--at',
      '143',
      '--fault',
      'power-loss',
      '-o',
      OUT,
      '--image',
      folder('images'),
    ]);
    expect(found['images']).toEqual([
      { file: '/dev/shm/pool.img', path: folder('images/pool.img'), sizeBytes: 8192 },
    ]);
  });

  it('--check judges the crash image and makes the recording a reproduction', async () => {
    const check = ['--check', inRepository('fixtures/pmem/check.mjs')];
    const bug = ['inject', BUG, '--at', '143', '--fault', 'power-loss', '-o', OUT, ...check];
    const { status, stdout } = await tearline([...bug, '--survivors', 'pool.img+0x40=1']);
    expect(stdout).toMatch(/judged: violating: a node is torn/);
    expect(status).toBe(1);
    expect(await ran(['replay', OUT])).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/recorded verdict: violating/),
    });
    expect((await tearline([...bug, '--survivors', 'none'])).status).toBe(0);
  });

  it.each([
    ['--at 9 --fault power-loss --survivors list+0x40=3', /has 2 pieces, so 0 to 2 of them survive, not 3/],
    [
      '--at 9 --fault power-loss --survivors list+0x80=1',
      /nothing outside the persistence domain; with pieces to lose: list\+0x40/,
    ],
    ['--at 9 --fault power-loss --survivors list+0x40=1,list+0x48=1', /is given twice/],
    ['--at 9 --fault power-loss --survivors some', /none, all, or LINE=COUNT/],
    ['--at 7 --fault eviction --line list+0x80', /is clean here; dirty: list\+0x40/],
    ['--at 0 --fault eviction --line list+0x80', /no file is mapped yet/],
    ['--at 7 --fault eviction', /needs --line/],
    [
      '--at 7 --fault eviction --line list+0x40 --survivors all',
      /--survivors goes with --fault power-loss and adr-failure/,
    ],
    ['--at 7 --fault torn-write --line list+0x40 --atoms 0', /on P1 the write pending queue survives/],
    ['--at 7 --fault torn-write --line list+0x40', /needs --atoms/],
    ['--at 99 --fault power-loss', /has 37 events: 99 lies behind its end/],
    ['--at 9 --fault power', /It must be one of power-loss, torn-write, adr-failure, eviction/],
    ['--at 0 --fault power-loss --image image', /no file is mapped yet, so there is no image/],
  ])('%s says what is possible', async (options, told) => {
    const { status, stderr, stdout } = await inject(folder('p1.ndjson'), ...options.split(' '));
    expect(stderr).toMatch(told);
    expect(stderr).toMatch(/^tearline: [^\n]+\n$/);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });

  it('power is lost once', async () => {
    await inject(folder('p1.ndjson'), '--at', '9', '--fault', 'power-loss');
    const { stderr } = await ran([
      'inject',
      OUT,
      '--at',
      'end',
      '--fault',
      'power-loss',
      '-o',
      folder('twice.ndjson'),
    ]);
    expect(stderr).toMatch(/lost its power in event 9: give --at 0 to 9/);
  });

  it('adr-failure needs ADR', async () => {
    expect((await inject(folder('p0.ndjson'), '--at', '9', '--fault', 'adr-failure')).stderr).toMatch(
      /needs a run on P1/,
    );
  });
});
