import { BlockStore } from '../../hardware/block-store.ts';
import type { CacheRow } from '../../hardware/caches.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { Fixed } from '../../kernel/fixed.ts';
import type { Instruction, Policy, Setting } from '../mechanism.ts';
import { encodeContext, wordOf, zerosOf } from './context.ts';

/** What does not change in a run. */
export interface Setup {
  /** Blocks of program data; the reserved blocks for contexts follow. */
  readonly dataBlocks: number;
  readonly blockBytes: number;
  /** Lines that a processor's cache holds. */
  readonly cacheLines: number;
  /** Entries of a buffer or log of the strategy. */
  readonly bufferEntries: number;
  readonly programs: readonly (readonly Instruction[])[];
  readonly devices: readonly (readonly Instruction[])[];
  readonly policy: Policy;
  readonly mutant: string | undefined;
}

export interface Processor {
  /** False from the rendezvous, or from halting, until it goes on. */
  running: boolean;
  /** Index of the next instruction. */
  next: number;
  /** The one register: a word, as hexadecimal digits in memory order. */
  register: string;
  rows: CacheRow[];
  /** Interrupts that wait. */
  interrupts: number;
  /** Its registers are in its reserved block, or come from there. */
  inContext: boolean;
}

export interface Device {
  /** Index of the next transfer. */
  next: number;
  /** How many writes of this transfer have arrived; null between two transfers. */
  sent: number | null;
  inContext: boolean;
}

/** A write that waits for the memory controller. */
export interface Request {
  source: 'processor' | 'device' | 'firmware';
  block: number;
  offsetBytes: number;
  data: string;
}

export type Phase = 'rendezvous' | 'flush' | 'establish' | 'resume' | 'normal';

/** A machine whose memory controller takes checkpoints. `Own` is what the strategy adds. Source: sheet S13. */
export interface Machine<Own extends object = object> {
  setup: Fixed<Setup>;
  processors: Processor[];
  devices: Device[];
  /** Writes that wait, oldest first. */
  requests: Request[];
  /** What the controller will do next for the write or copy that it is at, in this order. */
  work: AnyEvent[];
  memory: BlockStore;
  phase: Phase;
  checkpointWanted: boolean;
  /** The epoch register: checkpoints published. */
  epoch: number;
  /** Checkpoints of which the decision point has passed. */
  decided: number;
  /** The checkpoint that is being established has not passed its decision point yet. */
  decisionDue: boolean;
  /** Places with uncorrectable errors that were found since the last rollback, and that are not mended yet. */
  errors: { area: string; block: number }[];
  /** A fault was detected and rollback is not at its end. */
  failed: boolean;
  /** What was lost for good, as reported; null while nothing is. */
  loss: string | null;
  /** Outputs that are held, oldest first, and how many of them are committed. */
  held: string[];
  releasable: number;
  /** Who goes next: processors, then devices, then the controller's background work. */
  turn: number;
  own: Own;
}

/** The reserved block of a processor. */
export const contextBlock = ({ dataBlocks }: Setup, processor: number): number => dataBlocks + processor;
/** The reserved block of a device. */
export const positionBlock = ({ dataBlocks, programs }: Setup, device: number): number =>
  dataBlocks + programs.length + device;
/** All blocks, reserved ones included. */
export const blockCount = ({ dataBlocks, programs, devices }: Setup): number =>
  dataBlocks + programs.length + devices.length;

/** Whether this defect is switched on. */
export const has = ({ setup }: Machine, mutant: string): boolean => setup.value.mutant === mutant;

/** The decision point has passed; to be called by the reducer of the strategy's decision event. */
export function passDecision(machine: Machine): void {
  machine.decided++;
  machine.decisionDue = false;
}

/** A block of an area, or the area as a whole, can be read again or is not needed: there is no error any more. */
export function mendError(machine: Machine, area: string, block?: number): void {
  machine.errors = machine.errors.filter(
    (error) => error.area !== area || (block !== undefined && error.block !== block),
  );
}

/** What memory holds before the first event: zeros, and contexts at their first instruction. */
export function initialContents(setup: Setup): string[] {
  const { dataBlocks, blockBytes } = setup;
  const zeros = zerosOf(blockBytes);
  const context = encodeContext(0, wordOf(0), blockBytes);
  return Array.from({ length: blockCount(setup) }, (_, block) => (block < dataBlocks ? zeros : context));
}

/** A store with these contents. */
export function storeOf(contents: readonly string[]): BlockStore {
  const store = BlockStore.filled(contents.length, contents[0]);
  for (const [block, content] of contents.entries()) store.set(block, content);
  return store;
}

/** Actors named `p…` are processors, all others devices. */
export function setupOf({ scenario, policy, mutant }: Setting): Setup {
  const { world, actors } = scenario;
  const named = Object.entries(actors);
  return {
    dataBlocks: Number(world['dataBlocks']),
    blockBytes: Number(world['blockBytes']),
    cacheLines: Number(world['cacheLines']),
    bufferEntries: Number(world['bufferEntries']),
    programs: named.filter(([name]) => name.startsWith('p')).map(([, program]) => program),
    devices: named.filter(([name]) => !name.startsWith('p')).map(([, program]) => program),
    policy,
    mutant,
  };
}

export function initialMachine<Own extends object>(setup: Setup, own: Own): Machine<Own> {
  return {
    setup: new Fixed(setup),
    processors: setup.programs.map(() => ({
      running: true,
      next: 0,
      register: '00'.repeat(8),
      rows: [],
      interrupts: 0,
      inContext: false,
    })),
    devices: setup.devices.map(() => ({ next: 0, sent: null, inContext: false })),
    requests: [],
    work: [],
    memory: storeOf(initialContents(setup)),
    phase: 'normal',
    checkpointWanted: false,
    epoch: 0,
    decided: 0,
    decisionDue: false,
    errors: [],
    failed: false,
    loss: null,
    held: [],
    releasable: 0,
    turn: 0,
    own,
  };
}
