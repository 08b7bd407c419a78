import { Findings } from '../explore/findings.ts';
import type { Shard } from '../explore/limits.ts';
import type { ClassResult } from '../explore/shard-run.ts';
import { Digest } from '../kernel/digest.ts';

const KEY_LANES = 4;
const SHARD_LANE = 2; // the lane by which classes are dealt out to shards

/** Every result that is known of a campaign, each once. */
export class ResultLedger {
  readonly findings = new Findings();
  /** Violations of which a neighbour must not be judged again, because the checker died of it. */
  readonly unprobed = new Set<string>();
  private readonly batches: Int32Array[] = [];

  addConsistent(keys: Int32Array): void {
    this.findings.consistent += keys.length / KEY_LANES;
    this.batches.push(keys);
  }

  addResult(result: ClassResult): void {
    this.findings.add(result);
    this.batches.push(lanesOf(result.key));
  }

  /** Keys of all classes of a shard that have a result. */
  knownOf({ index, count }: Shard): Int32Array {
    const lanes: number[] = [];
    for (const keys of this.batches) {
      for (let at = 0; at < keys.length; at += KEY_LANES) {
        if (shardIndexOf(keys, at, count) !== index) continue;
        lanes.push(keys[at], keys[at + 1], keys[at + 2], keys[at + 3]);
      }
    }
    return Int32Array.from(lanes);
  }
}

/** Which of so many shards a class belongs to, its key given by lanes from a place on. */
export const shardIndexOf = (keys: Int32Array, at: number, count: number): number =>
  (keys[at + SHARD_LANE] >>> 0) % count;

/** The lanes of a class key that is given as 32 hexadecimal digits. */
export function lanesOf(hex: string): Int32Array {
  const { a, b, c, d } = Digest.fromHex(hex);
  return Int32Array.of(a, b, c, d);
}
