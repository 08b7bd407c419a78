import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../src/vitest.ts';
import type { Mechanism } from '../src/mechanisms/mechanism.ts';
import { judgedReplay } from '../src/node/judged-replay.ts';
import { recordedMechanism } from '../src/node/recorded-mechanism.ts';
import { persistentMemory, readHeader, replayRecording } from '../src/recordings/recordings.ts';

const DIRECTORY = fileURLToPath(new URL('../replays', import.meta.url));
const recordingsIn = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => /\.ndjson(\.gz)?$/.test(name))
        .map((name) => join(directory, name))
    : [];
const MEMORY = recordingsIn(DIRECTORY);
const MECHANISMS = recordingsIn(join(DIRECTORY, 'mechanisms'));
const nameOf = (path: string): string => path.slice(DIRECTORY.length + 1);

describe('known bugs are reproduced, byte for byte', () => {
  for (const path of MEMORY) {
    it(nameOf(path), async () => {
      await expect(path).toReplay();

      const { state, verdict, index, verified } = await replayRecording(path, persistentMemory);

      expect(verified).toBe(index);
      expect(state.powered).toBe(false);
      expect(verdict).toMatchObject({ kind: 'violating', imageDigest: state.domain.digest.hex() });
    });
  }

  it('there is one for each well-known defect', async () => {
    const defects = new Set<unknown>();
    for (const path of MEMORY) {
      const { verdict } = await replayRecording(path, persistentMemory);
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

describe('mechanisms break the recorded invariant at the last event', () => {
  for (const path of MECHANISMS) {
    it(nameOf(path), async () => {
      await expect(path).toReplay();
      const mechanism = (await recordedMechanism(path, await readHeader(path))) as Mechanism;

      const { replayed, recorded, breach, stands } = await judgedReplay(path, path, mechanism);

      expect(replayed.verified).toBe(replayed.index);
      expect(recorded).toMatchObject({ kind: 'violating', mechanism: mechanism.name });
      expect(breach).toMatchObject({ invariant: recorded?.invariant, message: recorded?.message });
      expect(breach?.events).toBe(replayed.index);
      expect(stands).toBe(true);
    });
  }
});
