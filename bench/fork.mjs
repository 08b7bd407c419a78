/** Forks a second of machines of several sizes. */

import { foldInto, forkState, initialMemory, memoryModel } from 'tearline';
import { commandLine } from './command-line.mjs';
import { row } from './fixture.mjs';

commandLine(import.meta.url, {});

const FORKS = 200_000;
const STORE_BYTES = 512; // one page of the copy-on-write memory

/** A machine with a file of this size of which every page was written and is durable. @param {number} sizeMiB */
function machineOf(sizeMiB) {
  const state = initialMemory();
  const sizeBytes = sizeMiB * 2 ** 20;
  foldInto(memoryModel, state, [{ kind: 'file.mapped', file: 'pool', base: 0n, sizeBytes, fileOffset: 0 }]);
  for (let address = 0; address < sizeBytes; address += STORE_BYTES) {
    state.visible.writeAtom(address, address | 0, 1);
    state.domain.writeAtom(address, address | 0, 1);
  }
  return state;
}

/** @param {() => void} step */
function perSecond(step) {
  let best = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const start = performance.now();
    for (let i = 0; i < FORKS; i++) step();
    best = Math.max(best, (FORKS / (performance.now() - start)) * 1000);
  }
  return best;
}

const rates = [1, 1024].map((sizeMiB) => {
  const state = machineOf(sizeMiB);
  const forks = perSecond(() => forkState(state));
  row(
    `forks of a machine of ${sizeMiB} MiB`,
    `${Math.round(forks).toLocaleString('en')}/s`,
    '100,000/s or more',
  );
  const written = perSecond(() => {
    const fork = forkState(state);
    memoryModel.evolve(fork, { kind: 'store.visible', core: 0, address: 4096, data: '0100000000000000' });
  });
  row(`  each with one store`, `${Math.round(written).toLocaleString('en')}/s`, '');
  return forks;
});
row('a fork of 1 GiB costs as much as one of 1 MiB, times', (rates[0] / rates[1]).toFixed(2), '2 or less');
