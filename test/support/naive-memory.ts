/*
 * What a crash can leave, by brute force: written from the text of the persistency model alone, with plain arrays and
 * without any import, so that it shares no mistake with the machine and the explorer. Every piece that was ever stored
 * is kept; at every crash point every subset of the pieces of a line that are not guaranteed is tried against the rules.
 */

export type NaivePlatform = 'P0' | 'P1' | 'P1f' | 'P2';

export interface NaiveWorld {
  platform: NaivePlatform;
  lineBytes: number;
  controllers: number;
  interleaveBytes: number;
  /** Size of the one file, which begins at address 0 and holds zeros. */
  sizeBytes: number;
}

/** What takes effect, in the order in which it does. The finer ones are for cores that run into each other. */
export type NaiveOperation =
  | { type: 'store'; core: number; address: number; bytes: number[]; nonTemporal: boolean }
  /** A part of a store: the last one is a crash point. */
  | { type: 'piece'; core: number; address: number; bytes: number[]; nonTemporal: boolean; last: boolean }
  /** CLWB or CLFLUSHOPT. */
  | { type: 'flush'; core: number; address: number; sizeBytes: number }
  | { type: 'clflush'; core: number; address: number; sizeBytes: number }
  | { type: 'fence'; core: number }
  | { type: 'fence.begin'; core: number }
  | { type: 'accept'; core: number; address: number }
  | { type: 'fence.end'; core: number }
  /** A fence, and a store that is visible at once. */
  | { type: 'locked'; core: number; address: number; bytes: number[] }
  | { type: 'hint'; controller: number }
  | { type: 'hint.begin'; controller: number }
  | { type: 'drain'; address: number }
  | { type: 'hint.end'; controller: number }
  /** A line is written back unasked. */
  | { type: 'evict'; address: number }
  /** A write-combining buffer writes an atom out unasked. */
  | { type: 'combine'; address: number }
  | { type: 'marker'; name: string };

interface NaivePiece {
  line: number;
  atom: number;
  address: number;
  bytes: number[];
  core: number;
  nonTemporal: boolean;
  flushedBy: number[];
  accepted: boolean;
  /** Accepted when the flush hint that its controller works on was written. */
  hinted: boolean;
  guaranteed: boolean;
}

export interface NaiveResult {
  crashPoints: number;
  /** Over all points: the product over the lines of the number of vectors "durable pieces of each atom". */
  combinations: bigint;
  /** Distinct images as `contents`, or `promise|contents` where a promise is kept; contents in hexadecimal digits. */
  images: Set<string>;
  /** Of each crash point, in order: its distinct images. */
  points: string[][];
}

/** Enumerates a run. `promise` folds the markers; its value is part of an image then. */
export function enumerateNaively(
  world: NaiveWorld,
  operations: readonly NaiveOperation[],
  promise?: (previous: string, marker: string) => string,
): NaiveResult {
  const result: NaiveResult = { crashPoints: 0, combinations: 0n, images: new Set(), points: [] };
  const pieces: NaivePiece[] = [];
  const lineCount = Math.ceil(world.sizeBytes / world.lineBytes);
  let promised = '';

  const look = (isPoint: boolean): void => {
    let images = [''];
    let combinations = 1n;
    for (let line = 0; line < lineCount; line++) {
      const { vectors, contents } = outcomesOfLine(
        world,
        line,
        pieces.filter((piece) => piece.line === line),
      );
      combinations *= BigInt(vectors);
      images = images.flatMap((image) => contents.map((content) => image + content));
    }
    if (promise !== undefined) images = images.map((image) => `${promised}|${image}`);
    for (const image of images) result.images.add(image);
    if (!isPoint) return;
    result.crashPoints++;
    result.combinations += combinations;
    result.points.push(images);
  };

  look(true); // the file is mapped
  for (const operation of operations) {
    for (const step of stepsOf(operation)) {
      if (step.type === 'marker') promised = promise?.(promised, step.name) ?? '';
      else takeStep(world, pieces, step);
      const isPoint =
        step.type === 'fence.begin' || step.type === 'fence.end' || (step.type === 'piece' && step.last);
      look(isPoint);
    }
  }
  return result;
}

/** The steps between which a crash can come. */
function stepsOf(operation: NaiveOperation): NaiveOperation[] {
  switch (operation.type) {
    case 'store':
    case 'locked': {
      const { core, address, bytes } = operation;
      const pieces: NaiveOperation[] = [];
      let from = 0;
      for (let i = 1; i <= bytes.length; i++) {
        if (i < bytes.length && (address + i) % 8 !== 0) continue;
        const nonTemporal = operation.type === 'store' && operation.nonTemporal;
        const part = bytes.slice(from, i);
        pieces.push({
          type: 'piece',
          core,
          address: address + from,
          bytes: part,
          nonTemporal,
          last: i === bytes.length,
        });
        from = i;
      }
      if (operation.type === 'store') return pieces;
      return [{ type: 'fence.begin', core }, { type: 'fence.end', core }, ...pieces];
    }
    case 'fence':
      return [
        { type: 'fence.begin', core: operation.core },
        { type: 'fence.end', core: operation.core },
      ];
    case 'hint':
      return [
        { type: 'hint.begin', controller: operation.controller },
        { type: 'hint.end', controller: operation.controller },
      ];
    default:
      return [operation];
  }
}

function takeStep(world: NaiveWorld, pieces: NaivePiece[], step: NaiveOperation): void {
  const { lineBytes, platform } = world;
  const lineOf = (address: number): number => Math.floor(address / lineBytes);
  const controllerOf = (piece: NaivePiece): number =>
    Math.floor((piece.line * lineBytes) / world.interleaveBytes) % world.controllers;
  switch (step.type) {
    case 'piece': {
      const { core, address, bytes, nonTemporal } = step;
      const atom = Math.floor(address / 8);
      const guaranteed = platform === 'P2' && !nonTemporal;
      const piece = { line: lineOf(address), atom, address, bytes, core, nonTemporal };
      pieces.push({ ...piece, flushedBy: [], accepted: false, hinted: false, guaranteed });
      if (guaranteed) for (const earlier of pieces) if (earlier.atom === atom) earlier.guaranteed = true;
      return;
    }
    case 'flush':
    case 'clflush': {
      const first = lineOf(step.address);
      const last = lineOf(step.address + step.sizeBytes - 1);
      const meant = pieces.filter((piece) => piece.line >= first && piece.line <= last && !piece.nonTemporal);
      for (const piece of meant) if (!piece.flushedBy.includes(step.core)) piece.flushedBy.push(step.core);
      if (step.type === 'clflush') accept(world, pieces, meant);
      return;
    }
    case 'accept':
    case 'fence.end': {
      const { core } = step;
      const flushed = pieces.filter((piece) =>
        piece.nonTemporal ? piece.core === core : piece.flushedBy.includes(core),
      );
      accept(
        world,
        pieces,
        step.type === 'accept' ? flushed.filter(({ line }) => line === lineOf(step.address)) : flushed,
      );
      return;
    }
    case 'evict':
      accept(
        world,
        pieces,
        pieces.filter((piece) => piece.line === lineOf(step.address) && !piece.nonTemporal),
      );
      return;
    case 'combine': {
      const atom = Math.floor(step.address / 8);
      accept(
        world,
        pieces,
        pieces.filter((piece) => piece.atom === atom && piece.nonTemporal),
      );
      return;
    }
    case 'hint.begin':
      for (const piece of pieces) piece.hinted ||= controllerOf(piece) === step.controller && piece.accepted;
      return;
    case 'hint.end':
      for (const piece of pieces)
        piece.guaranteed ||= controllerOf(piece) === step.controller && piece.hinted;
      return;
    case 'drain':
      for (const piece of pieces) piece.guaranteed ||= piece.line === lineOf(step.address) && piece.accepted;
      return;
    default: // the start of a fence, a marker: nothing durable changes
  }
}

/** Accepts pieces, and what order within line and atom demands with them. */
function accept(world: NaiveWorld, pieces: NaivePiece[], seeds: NaivePiece[]): void {
  const queue = seeds.slice();
  for (let piece = queue.pop(); piece !== undefined; piece = queue.pop()) {
    const newest = piece;
    newest.accepted = true;
    if (world.platform === 'P1' || world.platform === 'P2') newest.guaranteed = true;
    for (const earlier of pieces.slice(0, pieces.indexOf(newest))) {
      if (!earlier.accepted && mustPrecede(earlier, newest)) queue.push(earlier);
    }
  }
}

/** Whether the one stored earlier is durable wherever the one stored later is. */
const mustPrecede = (earlier: NaivePiece, later: NaivePiece): boolean =>
  earlier.atom === later.atom || (earlier.line === later.line && !earlier.nonTemporal && !later.nonTemporal);

/** In how many ways pieces of a line can be durable, and the contents that it can have, each once. */
function outcomesOfLine(
  world: NaiveWorld,
  line: number,
  own: NaivePiece[],
): { vectors: number; contents: string[] } {
  const base = line * world.lineBytes;
  const atoms = world.lineBytes / 8;
  const ofAtom = Array.from({ length: atoms }, (_, i) => own.filter((piece) => piece.atom === base / 8 + i));
  const free = own.filter((piece) => !piece.guaranteed);
  if (free.length > 16) throw new Error(`${free.length} free pieces in one line are too many to enumerate`);

  const valid: NaivePiece[][] = [];
  for (let subset = 0; subset < 2 ** free.length; subset++) {
    const durable = own.filter((piece) => piece.guaranteed || ((subset >> free.indexOf(piece)) & 1) === 1);
    const legal = durable.every((later) =>
      own.every(
        (earlier, i) => i >= own.indexOf(later) || !mustPrecede(earlier, later) || durable.includes(earlier),
      ),
    );
    if (legal) valid.push(durable);
  }
  const vectorOf = (durable: NaivePiece[]): number[] =>
    ofAtom.map((those) => those.filter((piece) => durable.includes(piece)).length);

  const vectors = new Map<string, number[]>();
  const note = (vector: number[]): void => void vectors.set(vector.join(), vector);
  for (const durable of valid) note(vectorOf(durable));
  if (world.platform === 'P0' || world.platform === 'P1f') {
    for (const less of valid) {
      for (const more of valid) {
        if (!less.every((piece) => more.includes(piece))) continue;
        const [one, other] = [vectorOf(less), vectorOf(more)];
        let torn: number[][] = [[]];
        for (let i = 0; i < atoms; i++) {
          torn = torn.flatMap((begun) =>
            one[i] === other[i]
              ? [[...begun, one[i]]]
              : [
                  [...begun, one[i]],
                  [...begun, other[i]],
                ],
          );
        }
        for (const vector of torn) note(vector);
      }
    }
  }

  const contents = new Set<string>();
  const lengthBytes = Math.min(world.lineBytes, world.sizeBytes - base);
  for (const vector of vectors.values()) {
    const bytes = new Array<number>(lengthBytes).fill(0);
    ofAtom.forEach((those, i) => {
      for (const piece of those.slice(0, vector[i])) {
        piece.bytes.forEach((byte, at) => {
          bytes[piece.address - base + at] = byte;
        });
      }
    });
    contents.add(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return { vectors: vectors.size, contents: [...contents] };
}
