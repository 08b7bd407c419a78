import { type Place, placeOf } from '../hardware/persistent-memory/places.ts';
import { type MemoryState, mediaOf } from '../hardware/persistent-memory/state.ts';
import { differingAtoms } from '../kernel/byte-differences.ts';
import type { CowBytes } from '../kernel/cow-bytes.ts';
import { type ControllerView, type LineView, type StateView, viewState } from './state-view.ts';

/** What differs between two states: of each pair the first is that of the one state, the second that of the other. */
export interface StateDifference {
  readonly same: boolean;
  /** Platform, sizes, power, files and markers. */
  readonly settings: readonly Differing[];
  /** Lines whose bytes differ, in order of their addresses. */
  readonly bytes: readonly BytesDifference[];
  /** Lines whose pieces outside the persistence domain differ. */
  readonly pieces: readonly PiecesDifference[];
  /** Lines that are in the write pending queue of a controller in one state only. */
  readonly queues: readonly {
    readonly controller: number;
    readonly onlyOne: readonly Place[];
    readonly onlyOther: readonly Place[];
  }[];
  readonly cores: readonly (Differing & { readonly core: number })[];
}

export interface Differing {
  readonly name: string;
  readonly values: readonly [one: unknown, other: unknown];
}

/** The bytes of a line, as hexadecimal digits; null where the two have the same. */
export interface BytesDifference extends Place {
  readonly visible: readonly [string, string] | null;
  readonly domain: readonly [string, string] | null;
  readonly media: readonly [string, string] | null;
}

export interface PiecesDifference extends Place {
  readonly pieces: readonly [one: readonly string[], other: readonly string[]];
}

/** Whether two machines have the same observables: contents and markers, as check lines compare them. */
export const sameObservables = (one: MemoryState, other: MemoryState): boolean =>
  one.visible.digest.equals(other.visible.digest) &&
  one.domain.digest.equals(other.domain.digest) &&
  one.outside.equals(other.outside);

/** Compares two machines; lines have the size of the first. */
export function stateDifference(one: MemoryState, other: MemoryState): StateDifference {
  const a = viewState(one, [], 1);
  const b = viewState(other, [], 1);
  const settings = settingsOf(a, b, !one.outside.equals(other.outside));
  const bytes = bytesOf(one, other);
  const pieces = piecesOf(a, b);
  const queues = a.controllers
    .map((controller, i) => queuesOf(controller, b.controllers[i]))
    .filter(({ onlyOne, onlyOther }) => onlyOne.length + onlyOther.length > 0);
  const cores = a.cores.flatMap((core, i) =>
    differing({ ...core }, { ...b.cores[i] }).map((found) => ({ core: core.core, ...found })),
  );
  const same = [settings, bytes, pieces, queues, cores].every((list) => list.length === 0);
  return { same, settings, bytes, pieces, queues, cores };
}

function settingsOf(a: StateView, b: StateView, markersDiffer: boolean): Differing[] {
  const common = ({
    configuration,
    powered,
    torn,
    files,
    mappings,
    markersPassed,
  }: StateView): Record<string, unknown> => {
    return { ...configuration, powered, torn, files, mappings, markersPassed };
  };
  const found = differing(common(a), common(b));
  if (markersDiffer && a.markersPassed === b.markersPassed) {
    found.push({ name: 'markers', values: [a.markersPassed, b.markersPassed] });
  }
  return found;
}

/** Members of two records whose values differ. */
function differing(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Differing[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => {
    const [a, b] = [one[name] ?? null, other[name] ?? null];
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ name, values: [a, b] as const }];
  });
}

function bytesOf(one: MemoryState, other: MemoryState): BytesDifference[] {
  const { lineBytes } = one.configuration;
  const lines = new Map<number, Set<string>>();
  const memories = {
    visible: (state: MemoryState) => state.visible,
    domain: (state: MemoryState) => state.domain,
    media: mediaOf,
  };
  for (const [name, memory] of Object.entries(memories)) {
    for (const atom of differingAtoms(memory(one), memory(other))) {
      const line = Math.floor(atom / lineBytes);
      lines.set(line, (lines.get(line) ?? new Set()).add(name));
    }
  }
  const pair = (memory: (state: MemoryState) => CowBytes, address: number): [string, string] => [
    hexOf(memory(one).read(address, lineBytes)),
    hexOf(memory(other).read(address, lineBytes)),
  ];
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([line, names]) => {
      const address = line * lineBytes;
      const place = placeOf(one.files.length > 0 ? one : other, address);
      const of = (name: keyof typeof memories): [string, string] | null =>
        names.has(name) ? pair(memories[name], address) : null;
      return { ...place, visible: of('visible'), domain: of('domain'), media: of('media') };
    });
}

function piecesOf(a: StateView, b: StateView): PiecesDifference[] {
  const texts = ({ lines }: StateView): Map<string, { line: LineView; pieces: string[] }> =>
    new Map(lines.map((line) => [line.address, { line, pieces: line.pieces.map(pieceText) }]));
  const [ofOne, ofOther] = [texts(a), texts(b)];
  const addresses = [...new Set([...ofOne.keys(), ...ofOther.keys()])].sort((x, y) => Number(x) - Number(y));
  return addresses.flatMap((address) => {
    const [one, other] = [ofOne.get(address), ofOther.get(address)];
    const { file, fileOffset } = (one ?? other)!.line;
    const pieces = [one?.pieces ?? [], other?.pieces ?? []] as const;
    return pieces[0].join() === pieces[1].join() ? [] : [{ file, fileOffset, pieces }];
  });
}

/** A piece without its place in the run. */
const pieceText = ({
  fileOffset,
  data,
  core,
  nonTemporal,
  flushedBy,
  accepted,
}: LineView['pieces'][number]): string =>
  `0x${fileOffset.toString(16)} ${data} core ${core}${nonTemporal ? ' non-temporal' : ''}` +
  `${flushedBy.length > 0 ? ` flushed by ${flushedBy.join(' ')}` : ''}${accepted ? ' accepted' : ''}`;

function queuesOf(one: ControllerView, other: ControllerView | undefined) {
  const key = ({ file, fileOffset }: Place): string => `${fileOffset} ${file}`;
  const without = (places: readonly Place[], others: readonly Place[]): Place[] => {
    const known = new Set(others.map(key));
    return places
      .filter((place) => !known.has(key(place)))
      .map(({ file, fileOffset }) => ({ file, fileOffset }));
  };
  const [queue, otherQueue] = [one.queue, other?.queue ?? []];
  return {
    controller: one.controller,
    onlyOne: without(queue, otherQueue),
    onlyOther: without(otherQueue, queue),
  };
}

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
