/**
 * Mechanisms: injected faults a second in small worlds, whether a fault costs the same in a long run, a machine of 64 MiB,
 * and the whole campaign.
 */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { allMechanisms, exploreFaults, exploreSampled, generatedWorkload } from 'tearline/mechanisms';
import { commandLine } from './command-line.mjs';
import { row } from './fixture.mjs';

const strategies = allMechanisms.filter(({ name }) => name.startsWith('S13.'));

/** Seconds of processor time that this process has used, the compiler and the collector of garbage included. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Every scenario of a mechanism, with two faults one after the other: faults put in, and what they cost. */
function exploreAll(/** @type {(typeof allMechanisms)[number]} */ mechanism) {
  const start = processorSeconds();
  let injections = 0;
  for (const scenario of mechanism.scenarios) injections += exploreFaults(mechanism, scenario).injections;
  return { injections, seconds: processorSeconds() - start };
}

/** Processor time of the passes before the one that counts. */
const WARM_SECONDS = 8;

/**
 * On one core: the other one's load does not count. Small ones have so few worlds that compiling the code would be half of
 * what they cost, so they are gone through again until it is done.
 */
function rate() {
  const total = { injections: 0, seconds: 0 };
  for (const mechanism of allMechanisms) {
    let pass = exploreAll(mechanism);
    for (let spent = pass.seconds; spent < WARM_SECONDS; spent += pass.seconds) pass = exploreAll(mechanism);
    const { injections, seconds } = pass;
    row(
      `  ${mechanism.name}, ${injections.toLocaleString('en')} faults`,
      perSecond(injections / seconds),
      '20,000/s',
    );
    total.injections += injections;
    total.seconds += seconds;
  }
  row(
    'faults injected in small worlds, recovery and invariants included',
    perSecond(total.injections / total.seconds),
    '20,000/s',
  );
}

const perSecond = (/** @type {number} */ value) => `${Math.round(value).toLocaleString('en')}/s`;

/**
 * Microseconds of processor time for one fault with its recovery at the end of a run of so many events, the walk to there
 * left out. At each of the last indices, in a short run and a long one: between two faults the same happens in both.
 */
function costOf(/** @type {(typeof allMechanisms)[number]} */ mechanism, /** @type {number} */ events) {
  const scenario = generatedWorkload({
    name: 'flat',
    dataBlocks: 64,
    blockBytes: 16,
    stores: events,
    storesPerEpoch: 20,
    blocksPerEpoch: 20,
    seed: 1n,
  });
  const explore = (/** @type {number} */ indices) => {
    const start = processorSeconds();
    const { injections } = exploreSampled(mechanism, scenario, {
      indices,
      fault: 'F4',
      seed: 1n,
      events,
      from: events - 1_000,
    });
    return { injections, seconds: processorSeconds() - start };
  };
  const walked = explore(0);
  const tried = explore(1_000);
  return ((tried.seconds - walked.seconds) * 1e6) / tried.injections;
}

const middle = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function flat() {
  for (const mechanism of strategies) {
    costOf(mechanism, 1_000); // compiles it
    const attempts = [1, 2, 3, 4, 5];
    const short = middle(attempts.map(() => costOf(mechanism, 1_000)));
    const long = middle(attempts.map(() => costOf(mechanism, 100_000)));
    row(
      `one fault of ${mechanism.name} after 1,000 events, after 100,000`,
      `${short.toFixed(0)} and ${long.toFixed(0)} us: ${(long / short).toFixed(2)}x`,
      'within 1.3x',
    );
  }
}

const LARGE_STORES = 100_000;

/** One strategy in a machine of 64 MiB. @param {string} name */
function exploreLarge(name) {
  const mechanism = strategies.find((one) => one.name === name);
  if (mechanism === undefined) throw new Error(`there is no strategy ${name}`);
  const scenario = generatedWorkload({
    name: 'large',
    dataBlocks: 16_384,
    blockBytes: 4096,
    stores: LARGE_STORES,
    storesPerEpoch: 100,
    blocksPerEpoch: 100,
    seed: 1n,
  });
  const begun = performance.now();
  const found = exploreSampled(mechanism, scenario, { indices: 10_000, fault: 'F4', seed: 1n });
  const seconds = (performance.now() - begun) / 1000;
  return { name, events: found.events, faults: found.injections, wrong: found.violations.length, seconds };
}

/** 64 MiB in blocks of 4 KiB, 100,000 blocks written, a crash at 10,000 of the indices, for each strategy, on two cores. */
async function large() {
  const start = performance.now();
  const waiting = strategies.map(({ name }) => name);
  /** @type {ReturnType<typeof exploreLarge>[]} */
  const results = [];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const worker = new Worker(new URL(import.meta.url), { workerData: name });
      const [result] = await once(worker, 'message');
      results.push(result);
      await worker.terminate();
    }
  };
  await Promise.all([work(), work()]);
  for (const { name, events, seconds, wrong } of results.sort((a, b) => a.name.localeCompare(b.name))) {
    row(
      `  ${name}, ${events.toLocaleString('en')} events`,
      `${seconds.toFixed(1)} s, ${wrong} violations`,
      '',
    );
  }
  const faults = results.reduce((sum, one) => sum + one.faults, 0);
  const seconds = (performance.now() - start) / 1000;
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  row(
    `64 MiB, ${LARGE_STORES.toLocaleString('en')} block writes, ${faults.toLocaleString('en')} faults, all six strategies`,
    `${seconds.toFixed(1)} s, ${mebibytes} MiB`,
    'under 120 s, 2 GiB',
  );
  if (results.some(({ wrong }) => wrong > 0)) process.exitCode = 1;
}

/** The whole campaign as a user runs it. */
function campaign() {
  const program = fileURLToPath(new URL('../dist/cli/tearline.cjs', import.meta.url));
  const start = performance.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    [program, 'campaign', '--all', '--mutants', '--jobs', '2', '--json', '--quiet'],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  /** @type {{ mechanisms: { injections: number, violations: number, mutants: { caught: number, total: number } }[] }} */
  const { mechanisms } = JSON.parse(stdout);
  const sum = (/** @type {(one: (typeof mechanisms)[number]) => number} */ of) =>
    mechanisms.reduce((total, one) => total + of(one), 0);
  row(
    `tearline campaign --all --mutants: ${sum((one) => one.injections).toLocaleString('en')} faults, ` +
      `${sum((one) => one.violations)} violations, ${sum((one) => one.mutants.caught)}/${sum((one) => one.mutants.total)} mutants`,
    `${seconds.toFixed(1)} s`,
    'under 120 s',
  );
  if (status !== 0) process.exitCode = 1;
}

const measurements = { rate, flat, large, campaign };
const [wanted = ''] = commandLine(import.meta.url, { allowPositionals: true }).positionals;
if (!isMainThread) parentPort?.postMessage(exploreLarge(workerData));
else if (wanted in measurements) await measurements[/** @type {keyof typeof measurements} */ (wanted)]();
else for (const measure of Object.values(measurements)) await measure();
