import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../src/vitest.ts';
import { persistentMemory, replayRecording } from '../src/recordings/recordings.ts';

const DIRECTORY = fileURLToPath(new URL('../replays', import.meta.url));
const NAMES = readdirSync(DIRECTORY).filter((name) => /\.ndjson(\.gz)?$/.test(name));

describe('known bugs are reproduced, byte for byte', () => {
  for (const name of NAMES) {
    it(name, async () => {
      const path = join(DIRECTORY, name);
      await expect(path).toReplay();

      const { state, verdict, index, verified } = await replayRecording(path, persistentMemory);

      expect(verified).toBe(index);
      expect(state.powered).toBe(false);
      expect(verdict).toMatchObject({ kind: 'violating', imageDigest: state.domain.digest.hex() });
    });
  }

  it('there is one for each well-known defect', async () => {
    const defects = new Set<unknown>();
    for (const name of NAMES) {
      const { verdict } = await replayRecording(join(DIRECTORY, name), persistentMemory);
      defects.add(verdict?.defect);
    }
    expect([...defects].sort()).toEqual([
      'flush before the store',
      'flush of another line',
      'missing fence',
      'missing flush',
      'missing flush hint',
      'promise too early',
      'wrong order',
    ]);
  });
});
