import { CrashExplorer } from '../../src/explore/crash-explorer.ts';
import type { CrashImage } from '../../src/explore/crash-image.ts';
import { type Limits, limitsOf, type Shard, wholeShard } from '../../src/explore/limits.ts';
import type { MachineConfiguration } from '../../src/hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { initialMemory, type MemoryState } from '../../src/hardware/persistent-memory/state.ts';
import { halvesOfAtom } from './bytes.ts';

export interface Explored {
  explorer: CrashExplorer;
  crashPoints: number;
  combinations: string | null;
  /** Distinct images as their contents in hexadecimal digits; `promise|contents` where a promise is kept. */
  images: Set<string>;
  /** Of each crash point, in order: how many events had been folded. */
  pointIndexes: number[];
  /** How often an image was visited that had been visited before: 0 when classes are what they should be. */
  repeated: number;
}

export interface ExploreOptions {
  limits?: Partial<Limits>;
  seed?: bigint;
  shard?: Shard;
  promise?: (previous: string, marker: string) => string;
}

/** The bytes of an image, from NVDIMM address 0 on, as hexadecimal digits. */
export function materialise(state: MemoryState, image: CrashImage, sizeBytes: number): string {
  const bytes = state.domain.read(0, Math.ceil(sizeBytes / 8) * 8);
  const { lineBytes } = state.configuration;
  image.forEachLine((choices, content) => {
    choices.forEachAtom(content, (atom, low, high) => {
      bytes.set(halvesOfAtom(low, high), choices.line * lineBytes + atom * 8);
    });
  });
  return Buffer.from(bytes.subarray(0, sizeBytes)).toString('hex');
}

/** Explores what happens to a machine with one file of this size at NVDIMM address 0. */
export function explore(
  configuration: Partial<MachineConfiguration>,
  sizeBytes: number,
  events: (state: MemoryState) => Iterable<MemoryEvent>,
  options: ExploreOptions = {},
): Explored {
  const state = initialMemory(configuration);
  const images = new Set<string>();
  let repeated = 0;
  const { promise } = options;
  const explorer = new CrashExplorer(state, {
    limits: limitsOf(options.limits),
    seed: options.seed ?? 1n,
    shard: options.shard ?? wholeShard,
    ...(promise && {
      promise: (previous, marker) => promise((previous as string | undefined) ?? '', marker) || undefined,
    }),
    visit: (image) => {
      const contents = materialise(state, image, sizeBytes);
      const text =
        promise === undefined ? contents : `${(image.promise as string | undefined) ?? ''}|${contents}`;
      if (images.has(text)) repeated++;
      images.add(text);
    },
  });
  const pointIndexes: number[] = [];
  const step = (event: MemoryEvent): void => {
    const { crashPoints } = explorer.tally;
    const before = state.eventCount;
    explorer.step(event);
    // Mapping a file becomes a point when the run goes on.
    if (crashPoints === 0 && explorer.tally.crashPoints > 0) pointIndexes.push(before);
    if (explorer.tally.crashPoints - Math.max(crashPoints, 1) > 0) pointIndexes.push(state.eventCount);
  };
  step({ kind: 'file.mapped', file: 'memory', base: 0x1000n, sizeBytes, fileOffset: 0 });
  for (const event of events(state)) step(event);
  if (explorer.tally.crashPoints === 0) pointIndexes.push(state.eventCount);
  explorer.end();
  const { combinations } = explorer.tally.combinations();
  const { crashPoints } = explorer.tally;
  return { explorer, crashPoints, combinations, images, pointIndexes, repeated };
}
