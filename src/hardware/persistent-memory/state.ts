import { CowBytes } from '../../kernel/cow-bytes.ts';
import { CowTable } from '../../kernel/cow-table.ts';
import { Digest } from '../../kernel/digest.ts';
import {
  FILE_SPACE_BYTES,
  type MachineConfiguration,
  machineConfiguration,
  queueSurvives,
} from './configuration.ts';
import type { Piece } from './pieces.ts';

export type FlushInstruction = 'clwb' | 'clflushopt' | 'clflush';
export type FenceInstruction = 'sfence' | 'mfence' | 'locked';

/** What waits in a store buffer, first in, first out. */
export type Buffered =
  | { type: 'store'; address: number; data: string; nonTemporal: boolean; source: string | undefined }
  | { type: 'flush'; address: number; sizeBytes: number; instruction: FlushInstruction };

export interface Core {
  buffer: Buffered[];
  /** The fence that the core waits for, with the rest of its work; null when it runs. */
  fence: FenceInstruction | null;
  /** The fence of a locked instruction is done; its store, if it has one, comes next. */
  locked: boolean;
  /** Lines of which a flush of this core waits for a fence (line numbers; a line may have been accepted since). */
  flushed: number[];
  /** Lines with non-temporal stores of this core that wait for a fence. */
  combining: number[];
  /** The controller whose flush hint the core waits for; null when none. */
  hint: number | null;
  /** Instructions that the core has completed: where a scripted guest is in its program. */
  retired: number;
}

/** A line with pieces that are visible and not yet in the persistence domain. */
export interface PendingLine {
  /** In the order in which they became visible. Under eADR only non-temporal ones: the others are durable already. */
  pieces: Piece[];
  /** Of each piece: how many events had been folded when it was accepted; 0 while it is not. Only where queues are lost. */
  acceptedAt: number[];
  /** So many of the oldest pieces are all accepted: a line that is never drained is not looked through at every fence. */
  acceptedFirst: number;
  /** Ordinary pieces not yet accepted. */
  unaccepted: number;
  /** How many of these, from the oldest on, each core has flushed. */
  marks: { core: number; upTo: number }[];
}

export interface MappedFile {
  name: string;
  /** NVDIMM address of its first byte. */
  address: number;
  /** From its first byte to the last one that was ever mapped. */
  sizeBytes: number;
}

export interface Mapping {
  file: number;
  base: bigint;
  sizeBytes: number;
  fileOffset: number;
}

/** The state of the persistent-memory machine. Lines are numbered by address divided by their size. */
export interface MemoryState {
  readonly configuration: MachineConfiguration;
  powered: boolean;
  eventCount: number;
  files: MappedFile[];
  mappings: Mapping[];
  cores: Core[];
  /** Lines in the write pending queue of each controller. */
  occupancyLines: number[];
  /** Of each controller: how many events had been folded when the flush hint that it works on was written; 0 when none. */
  hintAt: number[];
  /** A media write was torn: only the loss of power can follow. */
  torn: boolean;
  /** What a load sees. */
  visible: CowBytes;
  /** What a power loss is sure to leave: the contents of the persistence domain. */
  domain: CowBytes;
  /** What is on the media, where the domain is more than the media; else null, and `domain` is it. */
  media: CowBytes | null;
  /** Lines with pieces outside the persistence domain, by line number. */
  pending: CowTable<PendingLine>;
  /** Lines in a write pending queue, by line number: how many events had been folded when the line came into it. */
  queued: CowTable<number>;
  /** Digest of what left the machine: the markers, in their order. */
  outside: Digest;
  markerCount: number;
}

const copyLine = (line: PendingLine): PendingLine => ({
  pieces: line.pieces.slice(),
  acceptedAt: line.acceptedAt.slice(),
  acceptedFirst: line.acceptedFirst,
  unaccepted: line.unaccepted,
  marks: line.marks.map((mark) => ({ ...mark })),
});

/** A machine that was just switched on, with no file mapped. Throws `InputError` for impossible sizes. */
export function initialMemory(given: Partial<MachineConfiguration> = {}): MemoryState {
  const configuration = machineConfiguration(given);
  const { platform, defect } = configuration;
  const keepsQueue = queueSurvives(platform) && defect !== 'queue-lost-under-adr';
  return {
    configuration,
    powered: true,
    eventCount: 0,
    files: [],
    mappings: [],
    cores: Array.from({ length: configuration.cores }, newCore),
    occupancyLines: new Array<number>(configuration.controllers).fill(0),
    hintAt: new Array<number>(configuration.controllers).fill(0),
    torn: false,
    visible: new CowBytes(),
    domain: new CowBytes(),
    media: keepsQueue ? new CowBytes() : null,
    pending: new CowTable(copyLine),
    queued: new CowTable((acceptedAt: number) => acceptedAt),
    outside: new Digest(),
    markerCount: 0,
  };
}

export const newCore = (): Core => ({
  buffer: [],
  fence: null,
  locked: false,
  flushed: [],
  combining: [],
  hint: null,
  retired: 0,
});

/** The file that holds an NVDIMM address, and the offset in it; undefined outside every file. */
export function fileAt(
  state: MemoryState,
  address: number,
): { file: MappedFile; offset: number } | undefined {
  const file = state.files[Math.floor(address / FILE_SPACE_BYTES)];
  const offset = address % FILE_SPACE_BYTES;
  return file !== undefined && offset < file.sizeBytes ? { file, offset } : undefined;
}

/** The NVDIMM address behind a virtual one; undefined where nothing is mapped. Of overlapping mappings the newest counts. */
export function nvdimmAddress(state: MemoryState, virtual: bigint): number | undefined {
  for (let i = state.mappings.length - 1; i >= 0; i--) {
    const { base, sizeBytes, fileOffset, file } = state.mappings[i];
    const offset = virtual - base;
    if (offset >= 0n && offset < BigInt(sizeBytes))
      return state.files[file].address + fileOffset + Number(offset);
  }
  return undefined;
}

/** What is on the media. */
export const mediaOf = (state: MemoryState): CowBytes => state.media ?? state.domain;
