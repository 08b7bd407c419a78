import { readFileSync } from 'node:fs';
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

/** One row of the table. @param {string[]} cells */
export const row = (...cells) => console.log(cells.join('\t'));

/** @param {number} value */
export const millions = (value) => `${(value / 1e6).toFixed(2)} million/s`;

/** Largest resident memory of this process so far, in MiB. */
export const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
