import type { Instruction, Json, Scenario } from '../mechanism.ts';

const store = (line: number, value: number): Instruction => ({ do: 'store', line, value });
const clwb = (line: number): Instruction => ({ do: 'clwb', line });
const clflush = (line: number): Instruction => ({ do: 'clflush', line });
const fence: Instruction = { do: 'fence' };
const hint: Instruction = { do: 'hint' };
/** `after`: instructions of core 0 that come first. */
const migrate = (vm: number, host: number, after: number): Instruction => ({
  do: 'migrate',
  vm,
  host,
  after,
});
const reconfigure = (host: number, hints: number, after: number): Instruction => ({
  do: 'reconfigure',
  host,
  hints,
  after,
});

/** A store that is made durable, as the architecture asks for it. */
const durably = (line: number, value: number): Instruction[] => [
  store(line, value),
  clwb(line),
  fence,
  hint,
  fence,
];

const world = (
  hosts: readonly { readonly platform: string; readonly hints: readonly boolean[] }[],
  machines: readonly { readonly host: number; readonly cores: number; readonly lines: number }[],
): { readonly [name: string]: Json } => ({
  hosts: hosts.map(({ platform, hints }) => ({ platform, hints: [...hints] })),
  machines: machines.map((machine) => ({ ...machine })),
  backingFrames: 3,
});

const both = [true, true];
const none = [false, false];
const first = [true, false];

/** The second core traps while the flush of the first is under way, with a line that the first one comes too early for. */
const twoCores = {
  core0: [store(0, 1), store(1, 2), store(3, 3), clwb(0), clwb(1), clwb(3), fence, hint, fence, store(0, 4)],
  core1: [store(1, 5), clwb(1), store(2, 6), clwb(2), fence, hint, fence],
};

export const scenarios: readonly Scenario[] = [
  {
    name: 'concurrent-flushes',
    meaning:
      'V1 on a platform that loses its queues: two controllers, interleaved lines, two cores that flush at once',
    world: world([{ platform: 'P0', hints: both }], [{ host: 0, cores: 2, lines: 4 }]),
    actors: twoCores,
  },
  {
    name: 'shared-hint-and-service-core',
    meaning:
      'V4 with one hint for all cores; another core of the host writes the physical hints; CLFLUSH needs no fence before them',
    world: world([{ platform: 'P0', hints: both }], [{ host: 0, cores: 2, lines: 2 }]),
    actors: {
      core0: [store(0, 1), clflush(0), hint, fence, ...durably(1, 2)],
      core1: [...durably(1, 3), store(0, 4), clflush(0), hint, fence],
    },
    policy: { hintsPer: 'machine', handler: 'service core' },
  },
  {
    name: 'untrapped',
    meaning:
      'V2: queues that survive and no physical hints; durability is void where the persistence domain fails',
    world: world([{ platform: 'P1', hints: none }], [{ host: 0, cores: 2, lines: 4 }]),
    actors: twoCores,
  },
  {
    name: 'trapped-on-adr',
    meaning:
      'V1 where queues survive, too: what was flushed is on the media, even when the persistence domain fails',
    world: world([{ platform: 'P1', hints: both }], [{ host: 0, cores: 2, lines: 2 }]),
    actors: { core0: [...durably(0, 1), ...durably(1, 2)], core1: durably(1, 3) },
  },
  {
    name: 'migration-to-support',
    meaning:
      'V3: from a host without physical hints whose queues survive to one with hints whose queues are lost, and back',
    world: world(
      [
        { platform: 'P1', hints: none },
        { platform: 'P0', hints: both },
      ],
      [{ host: 0, cores: 2, lines: 2 }],
    ),
    actors: {
      core0: [...durably(0, 1), ...durably(0, 2), ...durably(1, 3)],
      core1: [...durably(1, 4), ...durably(1, 5)],
      operator: [migrate(0, 1, 4), migrate(0, 0, 9)],
    },
  },
  {
    name: 'restart-at-destination',
    meaning:
      'V3 between two hosts with hints: a flush that was trapped at the source is trapped anew at the destination',
    world: world(
      [
        { platform: 'P0', hints: both },
        { platform: 'P0', hints: both },
      ],
      [{ host: 0, cores: 2, lines: 2 }],
    ),
    actors: {
      core0: [...durably(0, 1), ...durably(1, 2)],
      core1: durably(1, 3),
      operator: [migrate(0, 1, 3)],
    },
    policy: { flushAtMigration: 'restart', handler: 'service core', backingPage: 'carried' },
  },
  {
    name: 'live-reconfiguration',
    meaning:
      'firmware switches flush hints on and off under a virtual machine whose TLBs hold what was allowed before',
    world: world([{ platform: 'P1', hints: none }], [{ host: 0, cores: 2, lines: 2 }]),
    actors: {
      core0: [...durably(0, 1), ...durably(0, 2), ...durably(1, 3)],
      core1: [...durably(1, 4), ...durably(0, 5)],
      operator: [reconfigure(0, 3, 5), reconfigure(0, 0, 10)],
    },
  },
  {
    name: 'hints-taken-away',
    meaning:
      'queues are lost with the power: firmware may take away a hint that the region does not need, and none that it needs',
    world: world([{ platform: 'P0', hints: both }], [{ host: 0, cores: 2, lines: 1 }]),
    actors: {
      core0: [...durably(0, 1), ...durably(0, 2)],
      core1: durably(0, 3),
      operator: [reconfigure(0, 1, 3), reconfigure(0, 2, 5)],
    },
  },
  {
    name: 'partial-support',
    meaning:
      'one of two controllers has a hint: enough for a region of one line, not for one that needs both',
    world: world(
      [{ platform: 'P1', hints: first }],
      [
        { host: 0, cores: 1, lines: 2 },
        { host: 0, cores: 1, lines: 1 },
      ],
    ),
    actors: { core0: [...durably(0, 1), ...durably(1, 2)], core1: [...durably(0, 3), ...durably(0, 4)] },
  },
  {
    name: 'nothing-keeps-it',
    meaning: 'queues are lost and not all can be flushed: shown as volatile; a migration to there is refused',
    world: world(
      [
        { platform: 'P0', hints: first },
        { platform: 'P2', hints: none },
      ],
      [
        { host: 0, cores: 1, lines: 2 },
        { host: 1, cores: 1, lines: 2 },
      ],
    ),
    actors: {
      core0: [...durably(0, 1), ...durably(1, 4)],
      core1: [...durably(0, 2), ...durably(1, 3)],
      operator: [migrate(1, 0, 2)],
    },
  },
  {
    name: 'recycled-frame',
    meaning:
      'a backing page that one virtual machine left goes to another, which comes back with what its own held',
    world: world(
      [
        { platform: 'P1', hints: none },
        { platform: 'P1', hints: none },
      ],
      [
        { host: 0, cores: 1, lines: 1 },
        { host: 1, cores: 1, lines: 1 },
      ],
    ),
    actors: {
      core0: durably(0, 1),
      core1: [...durably(0, 2), hint],
      operator: [migrate(0, 1, 4), migrate(1, 0, 4)],
    },
    policy: { backingPage: 'carried' },
  },
];
