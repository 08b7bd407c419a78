import { controllerOf, type MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import { memoryModel } from '../hardware/persistent-memory/memory.ts';
import type { Piece } from '../hardware/persistent-memory/pieces.ts';
import { type Place, placeOf } from '../hardware/persistent-memory/places.ts';
import type { MemoryState, PendingLine } from '../hardware/persistent-memory/state.ts';
import { Frontier } from './frontier.ts';
import { defaultLimits } from './limits.ts';

/** The state of a machine for people and programs to read: plain JSON, places by file and offset. */
export interface StateView {
  /** Events folded. */
  readonly index: number;
  readonly configuration: MachineConfiguration;
  readonly powered: boolean;
  /** A media write was torn: only the loss of power can follow. */
  readonly torn: boolean;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number; readonly address: string }[];
  readonly mappings: readonly (Place & { readonly base: string; readonly sizeBytes: number })[];
  readonly cores: readonly CoreView[];
  readonly controllers: readonly ControllerView[];
  /** Lines with pieces outside the persistence domain, in order of their addresses. */
  readonly lines: readonly LineView[];
  /** Markers open, outermost first. */
  readonly markers: readonly string[];
  readonly markersPassed: number;
  /** What a crash here can leave. */
  readonly images: {
    /** Distinct images; null when too many to count. */
    readonly distinct: number | null;
    readonly distinctLog2: number;
    /** Combinations of durable pieces, decimal; null from 2^128 on. */
    readonly combinations: string | null;
    readonly combinationsLog2: number;
  };
  /** Digests of contents; `state` is that of the observables, as check lines have it. */
  readonly digests: Record<'state' | 'visible' | 'domain' | 'media', string>;
}

export interface CoreView {
  readonly core: number;
  /** Instructions completed. */
  readonly instructions: number;
  /** What waits in the store buffer, oldest first. */
  readonly storeBuffer: readonly (Place & {
    readonly what: 'store' | 'non-temporal store' | 'clwb' | 'clflushopt' | 'clflush';
    readonly sizeBytes: number;
    /** Bytes of a store, as hexadecimal digits; null of a flush. */
    readonly data: string | null;
    readonly source: string | null;
  })[];
  /** The fence that it waits for. */
  readonly fence: string | null;
  /** The controller whose flush hint it waits for. */
  readonly hint: number | null;
  /** A locked instruction has fenced and is about to store. */
  readonly locked: boolean;
  /** Lines that its next fence waits for: flushed, or with non-temporal stores. */
  readonly flushed: readonly Place[];
  readonly combining: readonly Place[];
}

export interface ControllerView {
  readonly controller: number;
  /** Lines in its write pending queue, in order of their addresses. */
  readonly queue: readonly (Place & { readonly sinceEvent: number })[];
  /** Whether it works on a flush hint. */
  readonly hintPending: boolean;
}

export interface LineView extends Place {
  readonly address: string;
  readonly controller: number;
  /** In the order in which they became visible. */
  readonly pieces: readonly PieceView[];
  /** Distinct contents that a crash can leave of it; at least so many unless `contentsExact`. */
  readonly contents: number;
  readonly contentsExact: boolean;
}

export interface PieceView extends Place {
  /** Index of the event that made it visible. */
  readonly event: number;
  readonly core: number;
  readonly data: string;
  readonly nonTemporal: boolean;
  readonly source: string | null;
  /** Cores that flushed it and have not fenced since. */
  readonly flushedBy: readonly number[];
  /** Whether a write pending queue has it. Where the queue survives it is durable then and no longer listed. */
  readonly accepted: boolean;
}

/** Looks at a machine. `markers` are those open now. */
export function viewState(
  state: MemoryState,
  markers: readonly string[],
  imagesPerPoint = defaultLimits.imagesPerPoint,
): StateView {
  const frontier = new Frontier(state, imagesPerPoint);
  for (const [line] of state.pending.entries()) frontier.rebuild(line);
  const { exact, count, log2 } = frontier.distinct();
  const combinations = frontier.combinations();
  return {
    index: state.eventCount,
    configuration: state.configuration,
    powered: state.powered,
    torn: state.torn,
    files: state.files.map(({ name, sizeBytes, address }) => ({ name, sizeBytes, address: hex(address) })),
    mappings: state.mappings.map(({ file, base, sizeBytes, fileOffset }) => {
      return { file: state.files[file].name, fileOffset, base: hex(base), sizeBytes };
    }),
    cores: state.cores.map((_, core) => viewCore(state, core)),
    controllers: viewControllers(state),
    lines: [...viewLines(state, frontier)],
    markers,
    markersPassed: state.markerCount,
    images: {
      distinct: exact ? count : null,
      distinctLog2: log2,
      combinations: combinations.count?.toString() ?? null,
      combinationsLog2: combinations.log2,
    },
    digests: {
      state: memoryModel.digest(state).hex(),
      visible: state.visible.digest.hex(),
      domain: state.domain.digest.hex(),
      media: (state.media ?? state.domain).digest.hex(),
    },
  };
}

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

function viewCore(state: MemoryState, number: number): CoreView {
  const { lineBytes } = state.configuration;
  const { buffer, fence, hint, locked, flushed, combining, retired } = state.cores[number];
  const lines = (numbers: readonly number[]): Place[] =>
    [...new Set(numbers)].sort((a, b) => a - b).map((line) => placeOf(state, line * lineBytes));
  return {
    core: number,
    instructions: retired,
    storeBuffer: buffer.map((waiting) => {
      const place = placeOf(state, waiting.address);
      if (waiting.type === 'flush') {
        const { instruction, sizeBytes } = waiting;
        return { what: instruction, ...place, sizeBytes, data: null, source: null };
      }
      const { data, nonTemporal, source = null } = waiting;
      const what = nonTemporal ? 'non-temporal store' : 'store';
      return { what, ...place, sizeBytes: data.length / 2, data, source };
    }),
    fence,
    hint,
    locked,
    flushed: lines(flushed),
    combining: lines(combining),
  };
}

function viewControllers(state: MemoryState): ControllerView[] {
  const { configuration, queued, hintAt } = state;
  const queues = hintAt.map((): ControllerView['queue'][number][] => []);
  for (const [line, sinceEvent] of queued.entries()) {
    const address = line * configuration.lineBytes;
    queues[controllerOf(configuration, address)].push({ ...placeOf(state, address), sinceEvent });
  }
  return queues.map((queue, controller) => ({ controller, queue, hintPending: hintAt[controller] !== 0 }));
}

function* viewLines(state: MemoryState, frontier: Frontier): Generator<LineView> {
  const { configuration } = state;
  for (const [number, line] of state.pending.entries()) {
    const choices = frontier.get(number);
    if (choices === undefined) continue; // under eADR: all of it is durable
    const address = number * configuration.lineBytes;
    yield {
      ...placeOf(state, address),
      address: hex(address),
      controller: controllerOf(configuration, address),
      pieces: viewPieces(state, address, line),
      contents: choices.contents.length,
      contentsExact: choices.complete,
    };
  }
}

function viewPieces(state: MemoryState, lineAddress: number, line: PendingLine): PieceView[] {
  let unaccepted = 0;
  return line.pieces.map((piece, i) => {
    const { event, core, nonTemporal, source = null, atom } = piece;
    const accepted = (line.acceptedAt[i] ?? 0) !== 0;
    if (!nonTemporal && !accepted) unaccepted++;
    const flushedBy =
      nonTemporal || accepted
        ? []
        : line.marks.filter(({ upTo }) => upTo >= unaccepted).map((mark) => mark.core);
    const { offset, data } = bytesOf(piece);
    const place = placeOf(state, lineAddress + atom * 8 + offset);
    return { event, core, ...place, data, nonTemporal, source, flushedBy, accepted };
  });
}

/** The bytes of a piece as hexadecimal digits, and where they begin in the atom. */
function bytesOf({ low, high, maskLow, maskHigh }: Piece): { offset: number; data: string } {
  let offset = -1;
  let data = '';
  for (let at = 0; at < 8; at++) {
    const [mask, value] = at < 4 ? [maskLow, low] : [maskHigh, high];
    const shift = (at % 4) * 8;
    if (((mask >>> shift) & 0xff) === 0) continue;
    if (offset < 0) offset = at;
    data += ((value >>> shift) & 0xff).toString(16).padStart(2, '0');
  }
  return { offset, data };
}
