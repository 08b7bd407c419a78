import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tearline } from '../support/command-line.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/programs/list-push.json');
const TWO = inRepository('fixtures/programs/two-cores.json');
const CHECK = inRepository('fixtures/programs/list-check.mjs');
const BUG = inRepository('replays/listbug8-missing-fence.ndjson');
const POOL_CHECK = inRepository('fixtures/pmem/check.mjs');

/** A copy of a recording in which something is replaced. */
function changed(from: string, name: string, what: string | RegExp, by: string): string {
  const text = readFileSync(from, 'utf8');
  expect(text).toMatch(what);
  writeFileSync(folder(name), text.replace(what, by));
  return folder(name);
}

/** As the recorder would have written it: with the right checksum at the end. */
async function resealed(path: string): Promise<string> {
  const { crc32 } = await import('node:zlib');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const end = JSON.parse(lines[lines.length - 1]) as Record<string, unknown>;
  const before = `${lines.slice(0, -1).join('\n')}\n`;
  end['checksum'] = crc32(Buffer.from(before)).toString(16).padStart(8, '0');
  writeFileSync(path, `${before}${JSON.stringify(end)}\n`);
  return path;
}

describe('record', () => {
  it('the same program and seed give the same bytes, another seed others', async () => {
    const seed = '0xfeedface12345679';
    for (const name of ['a', 'b']) await ran(['record', TWO, '-o', folder(`${name}.ndjson`), '--seed', seed]);
    await ran(['record', TWO, '-o', folder('c.ndjson'), '--seed', '0xfeedface1234567a']);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => readFileSync(folder(`${name}.ndjson`), 'utf8'));
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect(JSON.parse(a.split('\n')[0])).toMatchObject({ seed });
  });

  it('says how many events it wrote, of how many cores', async () => {
    const found = await json(['record', TWO, '-o', folder('d.ndjson'), '--platform', 'P0']);
    expect(found).toMatchObject({
      command: 'record',
      cores: 2,
      platform: 'P0',
      seed: '0x0',
      interrupted: false,
    });
  });
});

describe('replay', () => {
  it('confirms a recording, whole or up to an event, from a file or a pipe', async () => {
    await ran(['record', LIST, '-o', folder('list.ndjson')]);
    const whole = await json(['replay', folder('list.ndjson'), '--verify']);
    expect(whole).toMatchObject({ status: 0, events: 37, verifiedEvents: 37, cut: null, divergence: null });
    expect(await json(['replay', folder('list.ndjson'), '--at', '-17'])).toMatchObject({ events: 20 });
    const piped = await ran(['replay', '-', '--verify'], readFileSync(folder('list.ndjson')));
    expect(piped.stdout).toMatch(/confirm all 37 events/);
  });

  it('a recording that was cut short is read to its last whole line; --verify makes that status 2', async () => {
    writeFileSync(folder('cut.ndjson'), readFileSync(folder('list.ndjson')).subarray(0, 2000));
    const { status, stdout } = await ran(['replay', folder('cut.ndjson')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/was cut short behind line \d+; \d+ bytes/);
    expect((await ran(['replay', folder('cut.ndjson'), '--verify'])).status).toBe(2);
  });

  it('damage is status 3, with file, lines and byte', async () => {
    const { status, stderr } = await ran([
      'replay',
      changed(folder('list.ndjson'), 'damaged.ndjson', '"data":"01', '"data":"02'),
    ]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/damaged\.ndjson, lines 1 to \d+: .*byte \d+/);
  });

  it('a state that is another one is status 4', async () => {
    const path = await resealed(changed(folder('list.ndjson'), 'other.ndjson', /"data":"02/g, '"data":"03'));
    const { status, stdout } = await ran(['replay', path]);
    expect(status).toBe(4);
    expect(stdout).toMatch(/NOT the same: behind event 0 and up to event 37/);
  });

  it('an event that is not possible is status 4', async () => {
    const impossible = '"kind":"hint.done","core":0,"controller":0';
    const retired = /"kind":"fence\.retired","core":0,"instruction":"sfence"/;
    const path = await resealed(changed(folder('list.ndjson'), 'illegal.ndjson', retired, impossible));
    const { status, stdout } = await ran(['replay', path]);
    expect(stdout).toMatch(/recorded {2}hint\.done as event \d+\n {2}replayed {2}illegal: /);
    expect(status).toBe(4);
    expect(await ran(['show', path, '--at', 'end'])).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/^tearline: .*hint\.done, is not possible where it stands.*\n$/),
    });
  });

  it('a recording of another version is stale: status 2', async () => {
    const { status, stderr } = await ran([
      'replay',
      changed(folder('list.ndjson'), 'stale.ndjson', '"modelVersion":1', '"modelVersion":99'),
    ]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^tearline: .*is stale: it was made with version 99/);
  });

  it('a reproduction stands when its crash image is the same', async () => {
    const { status, stdout } = await ran(['replay', BUG]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/recorded verdict: violating/);
    expect(stdout).toMatch(/the crash image is the recorded one/);
    const path = await resealed(changed(BUG, 'image.ndjson', /"imageDigest":"./, '"imageDigest":"f'));
    expect(await ran(['replay', path])).toMatchObject({
      status: 4,
      stdout: expect.stringMatching(/NOT the same: the crash image/),
    });
  });
});

describe('replay --check', () => {
  it('judges a crash at any event', async () => {
    await ran(['record', LIST, '-o', folder('list.ndjson')]);
    const { status, stdout } = await tearline([
      'replay',
      folder('list.ndjson'),
      '--at',
      '20',
      '--check',
      CHECK,
    ]);
    expect(stdout).toMatch(/judged now: consistent/);
    expect(status).toBe(0);
  });

  it('judges a reproduction anew, and says what changed', async () => {
    const same = await tearline(['replay', BUG, '--check', POOL_CHECK, '--json']);
    expect(same.status).toBe(1);
    expect(JSON.parse(same.stdout)).toMatchObject({ judgement: { kind: 'violating', changes: [] } });
    const other = await tearline(['replay', BUG, '--check', POOL_CHECK], { environment: { MODE: 'log' } });
    expect(other.status).toBe(0);
    expect(other.stdout).toMatch(/changed: it was violating and is consistent now/);
  });

  it.each([
    ['hangs', 'for (;;);', 'hang: no answer within 0.3 s'],
    ['throws', "throw new Error('broken')", 'crash: the checker threw: broken'],
    ['answers nonsense', 'return 7', 'nonsense: the checker returned a value of type number'],
    ['ends the process', 'process.exit(0)', 'crash: the checker'],
  ])('a checker that %s is undecided: status 2', async (_, body, told) => {
    writeFileSync(folder('checker.mjs'), `export default () => { ${body} };\n`);
    const { status, stdout } = await tearline([
      'replay',
      BUG,
      '--check',
      folder('checker.mjs'),
      '--check-timeout',
      '300',
    ]);
    expect(stdout).toContain(told);
    expect(status).toBe(2);
  });

  it('a module that is no checker is a mistake', async () => {
    writeFileSync(folder('none.mjs'), 'export default 7;\n');
    const { status, stderr } = await tearline(['replay', BUG, '--check', folder('none.mjs')]);
    expect(stderr).toMatch(/^tearline: checker .*none\.mjs: its default export is no function.*\n$/);
    expect(status).toBe(3);
  });
});
