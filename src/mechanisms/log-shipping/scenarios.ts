import type { Instruction, Json, Scenario } from '../mechanism.ts';

const write = (address: number, data: string): Instruction => ({ do: 'write', address, data });
const transaction = (...writes: readonly { readonly [name: string]: Json }[]): Instruction => ({
  do: 'transaction',
  writes,
});

// 18 bytes an entry and 8 a seal: on battery 28 units for the one, 18 for the other.
const world = {
  storeBlocks: 2,
  blockBytes: 4,
  ringSlots: 3,
  energyPerByte: 1,
  energyPerMessage: 4,
  otherEnergyPerMessage: 6,
};

/** Three entries. */
const short = [write(0, '1111'), transaction({ address: 2, data: '2222' }, { address: 4, data: '2222' })];
/** Five entries. */
const long = [
  write(0, '1111'),
  transaction({ address: 2, data: '2222' }, { address: 0, data: '2222' }),
  transaction({ address: 4, data: '3333' }, { address: 2, data: '3333' }),
];

const twoDestinations = { ...world, ringSlots: 2, lags: [[0], [1]], ratedEnergy: 150 };

export const logShippingScenarios: readonly Scenario[] = [
  {
    name: 'two-destinations',
    meaning: 'one destination lags behind the other, the ring wraps, a transaction has two entries',
    world: twoDestinations,
    actors: { application: short },
  },
  {
    name: 'half-battery',
    meaning: 'the same, and the battery holds half of what it is rated for',
    world: { ...twoDestinations, actualPercent: 50 },
    actors: { application: short },
    policy: { withoutSeal: 'restart' },
  },
  {
    name: 'empty-battery',
    meaning: 'the same, and the battery holds nothing',
    world: { ...twoDestinations, actualPercent: 0 },
    actors: { application: short },
  },
  {
    name: 'bound',
    meaning:
      'a link that carries one message at a time, and a battery rated for two entries and a seal: the application waits',
    world: { ...world, ringSlots: 4, lags: [[1]], windowMessages: 1, ratedEnergy: 80 },
    actors: { application: long },
    policy: { withoutSeal: 'restart', region: 'battery-held' },
  },
  {
    name: 'whole-region',
    meaning: 'the drain ships the region as it is, and the destination applies it at the restart',
    world: { ...world, lags: [[1]], ratedEnergy: 102 },
    actors: { application: long },
    policy: { drain: 'whole-region', apply: 'at-restart', order: 'store-first' },
  },
  {
    name: 'two-paths',
    meaning: 'entries take turns on two paths, one slower than the other',
    world: { ...world, lags: [[0, 1]], ratedEnergy: 150 },
    actors: { application: long },
  },
  {
    name: 'in-order-only',
    meaning: 'the same two paths, and a destination that takes nothing before its turn',
    world: { ...world, lags: [[0, 1]], ratedEnergy: 150 },
    actors: { application: short },
    policy: { disorder: 'discard', withoutPrimary: 'report' },
  },
  {
    name: 'thresholds',
    meaning: 'the application is delayed from one entry in the backlog on, and stopped at three',
    world: { ...world, ringSlots: 6, lags: [[2]], ratedEnergy: 300, slowFromEntries: 1, stopFromEntries: 3 },
    actors: { application: long },
    policy: { pacing: 'between-thresholds' },
  },
  {
    name: 'repair',
    meaning: 'the application is not restarted elsewhere without a seal: the primary is waited for',
    world: { ...world, lags: [[1]], ratedEnergy: 74 },
    actors: { application: long },
    policy: { withoutPrimary: 'wait', withoutSeal: 'wait' },
  },
  {
    name: 'partition',
    meaning: 'the only link is cut while the application runs, and the backlog grows to its bound',
    world: { ...world, lags: [[0]], ratedEnergy: 102 },
    actors: {
      application: long,
      network: [
        { do: 'cut', link: 0, afterOperations: 1 },
        { do: 'restore', link: 0, afterOperations: 3 },
      ],
    },
  },
  {
    name: 'damaged-backlog',
    meaning: 'the same with space for all entries: a damaged one has acknowledged ones before it',
    world: { ...world, ringSlots: 6, lags: [[0]], ratedEnergy: 300 },
    actors: {
      application: long,
      network: [
        { do: 'cut', link: 0, afterOperations: 1 },
        { do: 'restore', link: 0, afterOperations: 3 },
      ],
    },
    policy: { withoutSeal: 'restart' },
  },
  {
    name: 'zombie',
    meaning: 'a primary that is taken for failed does not hear of it: it acknowledges until it is fenced',
    world: { ...world, lags: [[1]], ratedEnergy: 150 },
    actors: { application: short },
    policy: { suspected: 'goes-on' },
  },
];
