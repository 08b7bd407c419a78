/** Events a second of folding a run. */

import { foldInto, initialMemory, memoryModel } from 'tearline';
import { commandLine } from './command-line.mjs';
import { eventsOfFixture, millions, row } from './fixture.mjs';

commandLine(import.meta.url, {});

const REPEATS = 60;
const { mapping, body } = eventsOfFixture('list2500');

/** Events a second of folding the events of list2500 again and again; the best of three. */
function measure() {
  let best = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const state = initialMemory();
    foldInto(memoryModel, state, [mapping]);
    const start = performance.now();
    let events = 0;
    for (let i = 0; i < REPEATS; i++) events += foldInto(memoryModel, state, body);
    best = Math.max(best, (events / (performance.now() - start)) * 1000);
  }
  return best;
}

/** The same, with a machine of its own for each pass, so that every store changes what it writes. */
function measureFresh() {
  let best = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const states = Array.from({ length: REPEATS }, () => initialMemory());
    const start = performance.now();
    let events = 0;
    for (const state of states)
      events += foldInto(memoryModel, state, [mapping]) + foldInto(memoryModel, state, body);
    best = Math.max(best, (events / (performance.now() - start)) * 1000);
  }
  return best;
}

row("fold in memory, list2500's events repeated", millions(measure()), '3 million/s or more');
row("fold in memory, list2500's events on fresh machines", millions(measureFresh()), '');
