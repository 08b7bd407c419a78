/**
 * Mechanisms: injected faults a second in small worlds, whether a fault costs the same in a long run, a machine of 64 MiB,
 * and the whole campaign.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { allMechanisms, exploreFaults, exploreSampled, generatedWorkload } from 'tearline/mechanisms';
import { row } from './fixture.mjs';

const strategies = allMechanisms.filter(({ name }) => name.startsWith('S13.'));

/** Every scenario of every mechanism, with two faults one after the other, on one core. */
function rate() {
  let injections = 0;
  let slowest = { name: '', rate: Infinity };
  const start = performance.now();
  for (const mechanism of allMechanisms) {
    const begun = performance.now();
    let own = 0;
    for (const scenario of mechanism.scenarios) own += exploreFaults(mechanism, scenario).injections;
    const ownRate = (own / (performance.now() - begun)) * 1000;
    if (ownRate < slowest.rate) slowest = { name: mechanism.name, rate: ownRate };
    injections += own;
  }
  const seconds = (performance.now() - start) / 1000;
  row(
    'faults injected in small worlds, recovery and invariants included',
    perSecond(injections / seconds),
    '20,000/s',
  );
  row(`the slowest of them, ${slowest.name}`, perSecond(slowest.rate), '');
}

const perSecond = (/** @type {number} */ value) => `${Math.round(value).toLocaleString('en')}/s`;

/** Microseconds for one fault with its recovery in a run of so many events, the walk left out. */
function costOf(/** @type {number} */ events) {
  const scenario = generatedWorkload({
    name: 'flat',
    dataBlocks: 64,
    blockBytes: 16,
    stores: events,
    storesPerEpoch: 20,
    blocksPerEpoch: 20,
    seed: 1n,
  });
  let cost = 0;
  for (const mechanism of strategies) {
    const explore = (/** @type {number} */ indices) => {
      const start = performance.now();
      const { injections } = exploreSampled(mechanism, scenario, { indices, fault: 'F4', seed: 1n, events });
      return { injections, ms: performance.now() - start };
    };
    const walked = explore(0);
    const tried = explore(Math.min(1000, events));
    cost += ((tried.ms - walked.ms) * 1000) / tried.injections;
  }
  return cost / strategies.length;
}

function flat() {
  costOf(1_000); // warms up
  const ratios = [];
  const costs = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const short = costOf(1_000);
    const long = costOf(100_000);
    costs.push([short, long]);
    ratios.push(long / short);
  }
  const middle = ratios.toSorted((a, b) => a - b)[2];
  const [short, long] = costs[ratios.indexOf(middle)];
  row(
    'one fault in a run of 1,000 events, of 100,000',
    `${short.toFixed(0)} and ${long.toFixed(0)} us: ${middle.toFixed(2)}x`,
    'within 1.3x',
  );
}

/** 64 MiB in blocks of 4 KiB, 100,000 blocks written, a crash at 10,000 of the indices, for each strategy. */
function large() {
  const stores = 100_000;
  const scenario = generatedWorkload({
    name: 'large',
    dataBlocks: 16_384,
    blockBytes: 4096,
    stores,
    storesPerEpoch: 100,
    blocksPerEpoch: 100,
    seed: 1n,
  });
  const start = performance.now();
  let injections = 0;
  let writes = Infinity;
  let wrong = 0;
  for (const mechanism of strategies) {
    const begun = performance.now();
    const found = exploreSampled(mechanism, scenario, { indices: 10_000, fault: 'F4', seed: 1n });
    injections += found.injections;
    writes = Math.min(writes, found.events);
    wrong += found.violations.length;
    const seconds = (performance.now() - begun) / 1000;
    row(
      `  ${mechanism.name}, ${found.events.toLocaleString('en')} events`,
      `${seconds.toFixed(1)} s, ${found.violations.length} violations`,
      '',
    );
  }
  const seconds = (performance.now() - start) / 1000;
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  row(
    `64 MiB, ${stores.toLocaleString('en')} block writes, ${injections.toLocaleString('en')} faults, all six strategies`,
    `${seconds.toFixed(1)} s, ${mebibytes} MiB`,
    'under 120 s, 2 GiB',
  );
  if (wrong > 0) process.exitCode = 1;
}

/** The whole campaign as a user runs it. */
function campaign() {
  const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
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
const wanted = process.argv[2] ?? '';
if (wanted in measurements) measurements[/** @type {keyof typeof measurements} */ (wanted)]();
else for (const measure of Object.values(measurements)) measure();
