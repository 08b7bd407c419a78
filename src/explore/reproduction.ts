import type { VerdictKind } from './verdict.ts';

/** What a reproduction claims of itself, in the verdict line of its recording. */
export interface Reproduction {
  readonly kind: VerdictKind;
  readonly reason: string | null;
  /** Digest of the contents of the files after the crash: 32 hexadecimal digits. */
  readonly imageDigest: string;
  /** The checker as it was given, and SHA-256 of its module or command line. */
  readonly checker: string | null;
  readonly checkerKind: string | null;
  readonly checkerDigest: string | null;
  /** What was promised to the outside before the crash. */
  readonly promise: unknown;
  readonly cause: string | null;
  readonly explanation: string | null;
}

const KINDS: ReadonlySet<unknown> = new Set<VerdictKind>([
  'consistent',
  'violating',
  'hang',
  'crash',
  'nonsense',
]);

/** Reads a verdict line. Returns a text that says what is wrong with one that is no reproduction's. */
export function reproductionOf(verdict: Readonly<Record<string, unknown>>): Reproduction | string {
  const { kind, imageDigest, promise = null } = verdict;
  if (!KINDS.has(kind)) return `its verdict must have a kind: ${[...KINDS].join(', ')}`;
  if (typeof imageDigest !== 'string' || !/^[0-9a-f]{32}$/.test(imageDigest)) {
    return 'its verdict must have an imageDigest of 32 hexadecimal digits';
  }
  const text = (name: string): string | null => {
    const value = verdict[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    kind: kind as VerdictKind,
    imageDigest,
    promise,
    reason: text('reason'),
    checker: text('checker'),
    checkerKind: text('checkerKind'),
    checkerDigest: text('checkerDigest'),
    cause: text('cause'),
    explanation: text('explanation'),
  };
}
