import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killRecorders } from '../../bench/fuzz/kill-recorder.mjs';
import * as recordings from '../../src/recordings/recordings.ts';

// The whole of it is `node bench/kill-recorder.mjs`.
it('what a killed recorder leaves is read up to its last whole line, and all is there that was written', async () => {
  const dist = join(import.meta.dirname, '../../dist');
  const { events, problems } = await killRecorders(recordings, { dist, count: 10, seed: 1 });

  expect(problems).toEqual([]);
  expect(events).toBeGreaterThan(1000);
});
