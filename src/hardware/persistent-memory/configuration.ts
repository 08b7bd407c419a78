import { InputError } from '../../kernel/errors.ts';

/**
 * What a power loss leaves, after section 1.4 of the mechanism sheets:
 * - P0: no ADR, media only, a flush hint makes durable;
 * - P1: ADR, media and write pending queue;
 * - P1f: ADR that fails at this crash, so as P0;
 * - P2: eADR, media, write pending queue and caches.
 */
export const PLATFORMS = ['P0', 'P1', 'P1f', 'P2'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Whether what the write pending queue has accepted survives a power loss. */
export const queueSurvives = (platform: Platform): boolean => platform === 'P1' || platform === 'P2';

/** Whether what the caches hold survives a power loss. */
export const cachesSurvive = (platform: Platform): boolean => platform === 'P2';

/** Named defects of the machine itself: a campaign that does not notice one of them is worth nothing. */
export const MACHINE_DEFECTS = [
  'fence-does-not-wait',
  'flush-of-the-wrong-line',
  'pieces-of-a-line-reorder',
  'queue-lost-under-adr',
] as const;
export type MachineDefect = (typeof MACHINE_DEFECTS)[number];

export const ATOM_BYTES = 8;

const LINE_SIZES_BYTES = [8, 16, 32, 64, 128, 256];

/** NVDIMM address space that each file gets, so that a file may grow. File k begins at k times this. */
export const FILE_SPACE_BYTES = 2 ** 40;

export interface MachineConfiguration {
  readonly platform: Platform;
  /** Bytes of a cache line: a power of two from 8 to 256, so that no line lies in two files. */
  readonly lineBytes: number;
  readonly cores: number;
  /** Memory controllers, each with its write pending queue. */
  readonly controllers: number;
  /** Consecutive bytes that one controller serves before the next one's turn: a multiple of the line. */
  readonly interleaveBytes: number;
  /** Entries of a core's store buffer. */
  readonly storeBufferEntries: number;
  /** Lines that one write pending queue holds; absent: no limit, as while a run is recorded for exploration. */
  readonly queueLines?: number;
  readonly defect?: MachineDefect;
}

/** A machine of the usual sizes. */
export const defaultConfiguration: MachineConfiguration = {
  platform: 'P1',
  lineBytes: 64,
  cores: 1,
  controllers: 2,
  interleaveBytes: 4096,
  storeBufferEntries: 56,
};

/** The small world: lines of two atoms, so that sweeps over every state finish in seconds. */
export const smallWorld: MachineConfiguration = {
  ...defaultConfiguration,
  lineBytes: 16,
  cores: 2,
  interleaveBytes: 32,
  storeBufferEntries: 4,
};

/** Fills in the defaults; throws `InputError` for a size that no machine can have. */
export function machineConfiguration(given: Partial<MachineConfiguration> = {}): MachineConfiguration {
  const configuration = { ...defaultConfiguration, ...given };
  const { lineBytes, cores, controllers, interleaveBytes, storeBufferEntries, queueLines, platform } =
    configuration;
  const refuse = (what: string): never => {
    throw new InputError(`machine configuration: ${what}`);
  };
  if (!PLATFORMS.includes(platform))
    refuse(`platform must be one of ${PLATFORMS.join(', ')}, not ${platform}`);
  if (!LINE_SIZES_BYTES.includes(lineBytes)) refuse('lineBytes must be 8, 16, 32, 64, 128 or 256');
  if (!Number.isInteger(cores) || cores < 1 || cores > 64) refuse('cores must be from 1 to 64');
  if (!Number.isInteger(controllers) || controllers < 1 || controllers > 64)
    refuse('controllers must be 1 to 64');
  if (interleaveBytes % lineBytes !== 0 || interleaveBytes < lineBytes) {
    refuse('interleaveBytes must be a multiple of lineBytes');
  }
  if (!Number.isInteger(storeBufferEntries) || storeBufferEntries < 1)
    refuse('storeBufferEntries must be 1 or more');
  if (queueLines !== undefined && !(queueLines >= 1)) refuse('queueLines must be 1 or more, or absent');
  return configuration;
}

/** The controller that serves an NVDIMM address. */
export const controllerOf = (configuration: MachineConfiguration, address: number): number =>
  Math.floor(address / configuration.interleaveBytes) % configuration.controllers;
