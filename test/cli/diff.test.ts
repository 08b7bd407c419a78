import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inRepository, json, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/programs/list-push.json');
const TWO = inRepository('fixtures/programs/two-cores.json');

describe('diff of two runs', () => {
  it('is 0 when they are the same, also with the log that one came from', async () => {
    const log = inRepository('fixtures/pmem/list8.storelog');
    await ran(['import', log, '-o', folder('list8.ndjson')]);
    expect(await ran(['diff', log, folder('list8.ndjson')])).toMatchObject({
      status: 0,
      stdout: 'the runs are the same\n',
    });
  });

  it('finds the first event and the first state that differ', async () => {
    for (const seed of ['1', '2']) await ran(['record', TWO, '--seed', seed, '-o', folder(`${seed}.ndjson`)]);
    const { status, stdout } = await ran(['diff', folder('1.ndjson'), folder('2.ndjson')]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/header, seed: "0x1" < > "0x2"/);
    expect(stdout).toMatch(/event 1 is the first that differs\n {4}#0 file\.mapped/);
    expect(stdout).toMatch(/the state differs first after 2 events/);
  });

  it('the same events on two platforms differ in their states', async () => {
    const log = inRepository('fixtures/pmem/list8.storelog');
    for (const platform of ['P1', 'P2'])
      await ran(['import', log, '--platform', platform, '-o', folder(`${platform}.ndjson`)]);
    const found = await json(['diff', folder('P1.ndjson'), folder('P2.ndjson')]);
    expect(found).toMatchObject({ firstEvent: null, firstState: expect.any(Number) });
  });

  it('is 4 when the headers promise one run', async () => {
    await ran(['record', LIST, '-o', folder('list.ndjson')]);
    rewrite(folder('list.ndjson'), folder('again.ndjson'), 'node 2', 'node 3');
    const { status, stdout } = await ran(['diff', folder('list.ndjson'), folder('again.ndjson')]);
    expect(stdout).toMatch(/it is not deterministic/);
    expect(status).toBe(4);
  });

  it('a run that was cut short ends earlier, which is no nondeterminism', async () => {
    writeFileSync(folder('cut.ndjson'), readFileSync(folder('list.ndjson')).subarray(0, 2000));
    const { status, stdout } = await ran(['diff', folder('list.ndjson'), folder('cut.ndjson')]);
    expect(stdout).toMatch(/> \(it ends here\)/);
    expect(status).toBe(1);
  });
});

/** Writes a recording of one block anew, with another text in the place of one. */
function rewrite(from: string, to: string, text: string, other: string): void {
  const lines = readFileSync(from, 'utf8').replaceAll(text, other).trimEnd().split('\n');
  const before = `${lines.slice(0, -1).join('\n')}\n`;
  const checksum = crc32(Buffer.from(before)).toString(16).padStart(8, '0');
  const end = lines[lines.length - 1].replace(/"checksum":"\w+"/, `"checksum":"${checksum}"`);
  writeFileSync(to, `${before}${end}\n`);
}

describe('diff of two runs of a program', () => {
  it('tells the members of the headers that differ, and an interrupted run is no nondeterminism', async () => {
    const program = ['--pmem', 'pool:64K', '--', inRepository('fixtures/x86/programs/list.elf'), 'pool'];
    for (const items of ['1', '2']) await ran(['record', '-o', folder(`${items}.ndjson`), ...program, items]);
    await ran(['record', '-o', folder('short.ndjson'), '--budget', '2500', ...program, '1']);
    rewrite(folder('short.ndjson'), folder('interrupted.ndjson'), ':2500}', ':100000000}');

    const others = await ran(['diff', folder('1.ndjson'), folder('2.ndjson')]);
    const begun = await ran(['diff', folder('interrupted.ndjson'), folder('1.ndjson')]);

    expect(others.stdout).toMatch(/\nheader, policy\.program\.request\.command\[2\]: "1" < > "2"\n/);
    expect(others.stdout).not.toMatch(/header, inputs/);
    expect(begun).toMatchObject({ status: 1, stdout: expect.stringContaining('< (it ends here)') });
  });
});

describe('diff of two places', () => {
  it('tells bytes by line, pieces, queues and cores', async () => {
    const { status, stdout } = await ran([
      'diff',
      `${folder('list.ndjson')}@7`,
      `${folder('list.ndjson')}@11`,
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/list\+0x40 domain\n {2}< 0{128}\n {2}> 01/);
    expect(stdout).toMatch(/list\+0x40 pieces outside the persistence domain/);
    expect(stdout).toMatch(/queue of controller 0 > list\+0x40/);
    expect(stdout).toMatch(/core 0, instructions: \d+ < > \d+/);
  });

  it('is 0 for one place by two names', async () => {
    expect((await ran(['diff', `${folder('list.ndjson')}@37`, `${folder('list.ndjson')}@end`])).status).toBe(
      0,
    );
  });
});
