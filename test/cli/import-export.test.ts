import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST4 = inRepository('fixtures/pmem/list4.storelog');

describe('import', () => {
  it('writes all events of a log, and says what was in it', async () => {
    const found = await json(['import', LIST4, '-o', folder('a.ndjson')]);
    expect(found).toMatchObject({
      command: 'import',
      events: 224,
      complete: true,
      notes: [],
      platform: 'P1',
    });
    const lines = readFileSync(folder('a.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 224 + 1);
    expect(JSON.parse(lines[0])).toMatchObject({
      scenario: 'store log list4.storelog',
      configuration: { platform: 'P1' },
    });
  });

  it('writes the same to a file, compressed, through a pipe and to standard output', async () => {
    await ran(['import', LIST4, '-o', folder('b.ndjson')]);
    await ran(['import', LIST4, '-o', folder('b.ndjson.gz')]);
    const plain = readFileSync(folder('b.ndjson'), 'utf8');
    expect(gunzipSync(readFileSync(folder('b.ndjson.gz'))).toString()).toBe(plain);
    const piped = await ran(['import', LIST4, '-o', '-']);
    expect(piped.stdout).toBe(plain);
    expect(piped.stderr).toMatch(/^standard output: 224 events/);
    const fromPipe = await ran(['import', '-', '-o', '-'], readFileSync(LIST4));
    expect(fromPipe.stdout.split('\n').slice(1, -2)).toEqual(plain.split('\n').slice(1, -2));
  });

  it('takes base contents, and refuses those that no file asks for', async () => {
    writeFileSync(folder('base'), 'before');
    await ran(['import', LIST4, '-o', folder('c.ndjson'), '--base', `pool.img=${folder('base')}`]);
    const shown = await json(['show', folder('c.ndjson'), '--at', '-1', '--bytes', 'pool.img+0x1ff8:8']);
    expect(shown['memory']).toMatchObject({ visible: '0000000000000000' });
    expect(readFileSync(folder('c.ndjson'), 'utf8')).toContain('"kind":"file.loaded"');
    const wrong = ['import', LIST4, '-o', folder('d.ndjson'), '--base', `poll.img=${folder('base')}`];
    const { status, stderr } = await ran(wrong);
    expect(status).toBe(3);
    expect(stderr).toContain('none registers poll.img, for which base contents are given');
    expect(existsSync(folder('d.ndjson'))).toBe(false);
  });

  it('replaces what a link points to, and leaves the link', async () => {
    writeFileSync(folder('target.ndjson'), 'old');
    symlinkSync(folder('target.ndjson'), folder('link.ndjson'));
    await ran(['import', LIST4, '-o', folder('link.ndjson')]);
    expect(statSync(folder('target.ndjson')).size).toBeGreaterThan(1000);
  });

  it('a log that was cut short is imported with a note', async () => {
    writeFileSync(folder('cut.storelog'), readFileSync(LIST4).subarray(0, 3000));
    const found = await json(['import', folder('cut.storelog'), '-o', folder('cut.ndjson')]);
    expect(found).toMatchObject({ complete: false });
    expect(found['notes']).toEqual([expect.stringMatching(/cut short/)]);
  });
});

describe('export', () => {
  it('an import and an export give the operations back', async () => {
    await ran(['import', LIST4, '-o', folder('d.ndjson')]);
    const found = await json(['export', folder('d.ndjson'), '-o', folder('d.storelog')]);
    expect(found).toMatchObject({ command: 'export', operations: 136, events: 224, lost: [] });
    const records = (text: string): string[] => text.trim().split('|').slice(1);
    expect(records(readFileSync(folder('d.storelog'), 'utf8'))).toEqual(records(readFileSync(LIST4, 'utf8')));
    const { stdout } = await ran(['export', folder('d.ndjson'), '-o', '-']);
    expect(stdout).toBe(readFileSync(folder('d.storelog'), 'utf8'));
  });

  it('says what the format cannot tell', async () => {
    await ran([
      'record',
      inRepository('fixtures/programs/two-cores.json'),
      '-o',
      folder('two.ndjson'),
      '--evictions',
      '300',
    ]);
    const { stdout } = await ran(['export', folder('two.ndjson'), '-o', folder('two.storelog')]);
    expect(stdout).toMatch(/cannot tell which core did it \(\d+ times\)/);
    expect(stdout).toMatch(/cannot tell the eviction of a line/);
  });
});
