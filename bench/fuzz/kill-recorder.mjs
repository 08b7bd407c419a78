// What must hold when a recorder is killed: its recording is read up to the last whole line, and nothing is missing that it
// had said to be written.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { draws } from './mutate.mjs';

const RECORDER = fileURLToPath(new URL('recorder.mjs', import.meta.url));
const CHECK_EVENTS = 1000;

/**
 * Kills recorders at random moments after their first event, compressed ones and others in turn. Returns what went wrong.
 *
 * @param {typeof import('../../src/recordings/recordings.ts')} recordings
 * @param {{ dist: string, count: number, seed: number }} options
 * @returns {Promise<{ events: number, problems: string[] }>} events read back in all
 */
export async function killRecorders({ persistentMemory, replayRecording }, { dist, count, seed }) {
  const folder = mkdtempSync(join(tmpdir(), 'tearline-kill-'));
  const draw = draws(seed);
  /** @type {string[]} */
  const problems = [];
  let events = 0;
  try {
    for (let i = 0; i < count; i++) {
      const path = join(folder, i % 2 === 0 ? `${i}.ndjson` : `${i}.ndjson.gz`);
      const said = await recordAndKill(dist, path, draw(150));
      const { index, verified, cut } = await replayRecording(path, persistentMemory);
      events += index;
      const missing = path.endsWith('.gz') ? 0 : said - index;
      if (missing > 0)
        problems.push(`recorder ${i}: ${missing} events are missing that were said to be written`);
      // The check line of the last event may be what is missing.
      const checked = Math.floor((index - 1) / CHECK_EVENTS) * CHECK_EVENTS;
      if (!cut || verified < checked) {
        problems.push(`recorder ${i}: ${index} events, only ${verified} verified, cut at line ${cut?.line}`);
      }
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { events, problems };
}

/**
 * Returns how many events the recorder said to have written.
 *
 * @param {string} dist
 * @param {string} path
 * @param {number} delayMs
 */
async function recordAndKill(dist, path, delayMs) {
  const child = spawn(process.execPath, [RECORDER, dist, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-64);
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  if (child.exitCode !== null) throw new Error(`the recorder ended by itself, with status ${child.exitCode}`);
  await new Promise((resolve) => setTimeout(resolve, path.endsWith('.gz') ? delayMs + 300 : delayMs));
  child.kill('SIGKILL');
  await closed;
  return Number(said.split('\n').at(-2) ?? 0);
}
