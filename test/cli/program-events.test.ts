import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CampaignReport } from '../../src/explore/campaign-report.ts';
import { tearline } from '../support/command-line.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/x86/programs/list.elf');
const FLUSH = inRepository('fixtures/x86/programs/list-missing-flush.elf');
const PMEM = ['--pmem', 'pool:64K'];

describe('a recording of all that a program does', () => {
  /** Records a program, and gives the file and how many events of each kind it has. */
  async function recorded(
    events: string,
    program = LIST,
  ): Promise<[file: string, counts: Map<string, number>]> {
    const file = folder(`${events}-${basename(program)}.ndjson`);
    const { status } = await ran([
      'record',
      '--events',
      events,
      ...PMEM,
      '-o',
      file,
      '--',
      program,
      'pool',
      '2',
    ]);
    expect(status).toBe(0);
    const counts = new Map<string, number>();
    for (const [, kind] of readFileSync(file, 'utf8').matchAll(/^\{"index":\d+,"kind":"([a-z.]+)"/gm))
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [file, counts];
  }

  it('has the events of persistent memory, and others only where they are asked for', async () => {
    const [[, few], [, more], [, all]] = [
      await recorded('persistent'),
      await recorded('stores'),
      await recorded('all'),
    ];
    const without = (counts: Map<string, number>, ...kinds: string[]) =>
      [...counts].filter(([kind]) => !kinds.includes(kind));
    expect(few.get('call.done')).toBeGreaterThan(10);
    expect(few.has('memory.stored')).toBe(false);
    expect(without(more, 'memory.stored')).toEqual([...few]);
    expect(without(all, 'memory.loaded')).toEqual(expect.arrayContaining([...more]));
    expect(all.get('memory.loaded')).toBeGreaterThan(500);
  });

  it('is the same each time, is run again event by event, and shown at any of them', async () => {
    const [file] = await recorded('all');
    expect(await json(['replay', file])).toMatchObject({
      status: 0,
      program: { runAgain: true, departure: null },
    });
    const again = folder('again.ndjson');
    await ran(['record', '--events', 'all', ...PMEM, '-o', again, '--', LIST, 'pool', '2']);
    expect(readFileSync(again)).toEqual(readFileSync(file));
    expect((await ran(['diff', file, again])).status).toBe(0);
    const { events } = await json(['replay', file]);
    const { stdout } = await ran(['show', file, '--at', String(Number(events) - 2)]);
    expect(stdout).toMatch(/the last one #\d+ [a-z.]+ core 0, /);
    expect(stdout).toMatch(/write pending queues/);
    expect(stdout).toMatch(/rax [0-9a-f]{16} .*\n/);
    expect(stdout).toMatch(/^> 0x[0-9a-f]+ {2}[a-z]/m);
  });

  it('tells the first load at which another program differs', async () => {
    const [file] = await recorded('all');
    const { status, stdout } = await ran(['replay', file, '--', LIST, 'pool', '1']);
    expect(status).toBe(4);
    expect(stdout).toMatch(/recorded {2}\{"kind":"memory\.(loaded|stored)".*\n {2}now {7}\{"kind":"memory\./);
  });

  it('is the run of the program up to a fault that is injected', async () => {
    const [file] = await recorded('all');
    const [once, twice] = [folder('once.ndjson'), folder('twice.ndjson')];
    await ran(['inject', file, '--at', '1200', '--fault', 'power-loss', '-o', once]);
    await ran(['inject', once, '--at', '600', '--fault', 'power-loss', '-o', twice]);
    const found = [await json(['replay', once]), await json(['replay', twice])];
    expect(found).toMatchObject([
      { status: 0, program: { runAgain: true, sameEvents: 1200, departure: null } },
      { status: 0, program: { runAgain: true, sameEvents: 600, departure: null } },
    ]);
  });

  it('of a program that does not end is kept, whole and short, and is the same when the program is run again', async () => {
    const [whole] = await recorded('persistent');
    const part = folder('part.ndjson');
    const within = ['--budget', '2500', '-o', part, '--', LIST, 'pool', '2'];
    const { status, stderr } = await ran(['record', ...PMEM, ...within]);
    expect({ status, stderr }).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^tearline: .*not end within 2,500 instructions.*\n$/),
    });

    const events = (file: string) => readFileSync(file, 'utf8').match(/^\{"index".*/gm) ?? [];
    const recordedFirst = events(part);
    expect(recordedFirst.length).toBeGreaterThan(20);
    expect(recordedFirst).toEqual(events(whole).slice(0, recordedFirst.length));
    expect(await json(['replay', part, '--verify'])).toMatchObject({
      status: 0,
      program: { runAgain: true, sameEvents: recordedFirst.length, hasEnded: false, departure: null },
    });
    expect(await json(['replay', whole, '--verify'])).toMatchObject({ program: { hasEnded: true } });
  });

  it('leaves a campaign and a store log what they are', async () => {
    const checker = folder('of-contents.mjs');
    writeFileSync(
      checker,
      'export default (image) => image.reduce((sum, byte, at) => (31 * sum + byte * (at % 61)) >>> 0, 7) % 3 > 0;',
    );
    const [[few], [all]] = [await recorded('persistent', FLUSH), await recorded('all', FLUSH)];
    const log = folder('all.storelog');
    await ran(['export', '--format', 'storelog', all, '-o', log]);
    const found = async (run: string) => {
      const { stdout } = await tearline(['campaign', run, '--check', checker, '--quiet', '--json']);
      const { images, crashPoints }: CampaignReport = JSON.parse(stdout);
      return { crashPoints, images };
    };
    const [ofFew, ofAll, ofLog] = [await found(few), await found(all), await found(log)];
    expect(ofFew.images.violating).toBeGreaterThan(0);
    expect(ofAll).toEqual(ofFew);
    // Stores of 16 bytes are two there, with crash points between them.
    const { distinct, violating } = ofLog.images;
    expect({ distinct, violating }).toEqual({
      distinct: ofFew.images.distinct,
      violating: ofFew.images.violating,
    });
  });
});
