import { describe, expect, it } from 'vitest';
import { inRepository, json, ran } from '../support/in-process.ts';

const BUG = inRepository('fixtures/pmem/listbug8.storelog');

describe('show', () => {
  it('tells what a crash could lose, in words', async () => {
    const { stdout } = await ran(['show', BUG, '--at', '143']);
    expect(stdout).toMatch(/pool\.img\+0x40 {2}controller 0, 2 distinct contents/);
    expect(stdout).toMatch(/core 0, flushed by core 0, not accepted {2}main \(program\.c:92\)/);
    expect(stdout).toMatch(/markers open {2}PUSH/);
    expect(stdout).toMatch(/one of 10 distinct images \(16 combinations of pieces\)/);
  });

  it('counts places from either end', async () => {
    const [one, other] = [await ran(['show', BUG, '--at', '143']), await ran(['show', BUG, '--at', '-157'])];
    expect(other).toEqual(one);
    expect(await ran(['show', BUG, '--at', 'end'])).toEqual(await ran(['show', BUG, '--at', '300']));
  });

  it('looks at memory by file and offset, virtual address and NVDIMM address', async () => {
    const places = ['pool.img+0x40', '+64', '/dev/shm/pool.img+0x40', '0x483c040', '0x40'];
    const memories = await Promise.all(
      places.map(
        async (place) => (await json(['show', BUG, '--at', '143', '--bytes', `${place}:8`]))['memory'],
      ),
    );
    expect(memories[0]).toMatchObject({ fileOffset: 64, sizeBytes: 8, domain: '0000000000000000' });
    expect(memories[0]).not.toMatchObject({ visible: '0000000000000000' });
    for (const memory of memories) expect(memory).toEqual(memories[0]);
    const { stdout } = await ran(['show', BUG, '--at', '143', '--line', '0x483c041']);
    expect(stdout.match(/^pool\.img\+0x/gm)).toHaveLength(8);
    expect(stdout).toMatch(/^pool\.img\+0x40 .*differs$/m);
  });

  it('reads to the end of the file at most', async () => {
    const { memory } = await json(['show', BUG, '--at', '143', '--bytes', 'pool.img+0x1ffe:100']);
    expect(memory).toMatchObject({ sizeBytes: 2, visible: '0000' });
  });

  it('cuts long lists where it is told to', async () => {
    const { stdout } = await ran(['show', BUG, '--at', 'end', '--limit', '1']);
    expect(stdout).toMatch(/ and \d+ more/);
  });
});
