import type { Operation } from '../../hardware/persistent-memory/operations.ts';

const LOAD_BYTES = 4096;

type Range = readonly [from: number, to: number];

/** What was in the files before the run, turned into loads: each byte once, as soon as it is mapped. */
export class BaseContents {
  private readonly loaded = new Map<string, Range[]>();
  private readonly used = new Set<string>();

  /** Images under the name of their file, or under the last component of its path. */
  constructor(private readonly images: ReadonlyMap<string, Uint8Array>) {}

  /** Names under which contents were given that no mapping asked for. */
  get unused(): string[] {
    return [...this.images.keys()].filter((name) => !this.used.has(name));
  }

  /** Loads for bytes [from, to) of a file that lies at this NVDIMM address. Pieces of zeros are left out. */
  loads(file: string, fileAddress: number, from: number, to: number): Extract<Operation, { type: 'load' }>[] {
    const name = this.images.has(file) ? file : file.slice(file.lastIndexOf('/') + 1);
    const image = this.images.get(name);
    if (image === undefined) return [];
    this.used.add(name);
    const ranges = this.loaded.get(file) ?? [];
    const fresh = ranges.reduce(without, [[from, Math.min(to, image.length)] as Range]);
    this.loaded.set(file, [...ranges, ...fresh]);
    return fresh.flatMap(([first, end]) => {
      const loads: Extract<Operation, { type: 'load' }>[] = [];
      for (let at = first; at < end; ) {
        const next = Math.min(end, at - (at % LOAD_BYTES) + LOAD_BYTES);
        const bytes = image.subarray(at, next);
        if (bytes.some((byte) => byte !== 0)) {
          loads.push({ type: 'load', address: fileAddress + at, data: hexOf(bytes) });
        }
        at = next;
      }
      return loads;
    });
  }
}

/** What is left of ascending ranges without those bytes. */
const without = (ranges: Range[], [from, to]: Range): Range[] =>
  ranges
    .flatMap(([first, end]): Range[] => [
      [first, Math.min(end, from)],
      [Math.max(first, to), end],
    ])
    .filter(([first, end]) => first < end);

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
