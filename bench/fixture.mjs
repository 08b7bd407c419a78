import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importStoreLog, performAll } from 'tearline';

/** The operations of a compressed store log in fixtures/pmem. @param {string} name */
export function operationsOfFixture(name) {
  const bytes = gunzipSync(readFileSync(new URL(`../fixtures/pmem/${name}.storelog.gz`, import.meta.url)));
  return importStoreLog(bytes).operations;
}

/** The events of a compressed store log in fixtures/pmem, the mapping of the file first. @param {string} name */
export function eventsOfFixture(name) {
  const { events } = performAll(operationsOfFixture(name));
  const mapping = events.findIndex(({ kind }) => kind === 'file.mapped');
  return { mapping: events[mapping], body: events.slice(mapping + 1) };
}

/** Where a measurement writes: a folder that its caller names, or one of its own, which goes with it. */
export function writableDirectory() {
  const named = process.env['TEARLINE_BENCH_DIRECTORY'];
  if (named !== undefined) return named;
  const own = mkdtempSync(join(tmpdir(), 'tearline-bench-'));
  process.on('exit', () => rmSync(own, { recursive: true }));
  return own;
}

/** One row of the table. @param {string[]} cells */
export const row = (...cells) => console.log(cells.join('\t'));

/** @param {number} value */
export const millions = (value) => `${(value / 1e6).toFixed(2)} million/s`;

/** Largest resident memory of this process so far, in MiB. */
export const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
