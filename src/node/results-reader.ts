import { closeSync, openSync, readSync } from 'node:fs';
import { KeySet } from '../explore/key-set.ts';
import type { Shard } from '../explore/limits.ts';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';
import { isRecord } from '../recordings/json-record.ts';
import { Lines } from '../recordings/lines.ts';
import type { CampaignIdentity } from './campaign-identity.ts';
import { lanesOf, type ResultLedger, shardIndexOf } from './result-ledger.ts';
import { RESULTS_FORMAT, RESULTS_FORMAT_VERSION, type ResultsLine } from './results-lines.ts';
import type { Walk } from './worker-protocol.ts';

const CHUNK_BYTES = 1 << 20;
const LINE_BYTES_MAX = 64 << 20;
const HEAD = `{"format":"${RESULTS_FORMAT}"`;
const KEY = /^[0-9a-f]{32}$/;

/** What was in a results file, but for the results themselves. */
export interface ReadResults {
  readonly identity: CampaignIdentity;
  readonly shard: Shard;
  readonly walks: readonly { readonly of: Shard; readonly walk: Walk }[];
  /** Set when the shard was walked to its end. */
  readonly end: Walk | undefined;
  /** Up to the last whole line. */
  readonly wholeBytes: number;
}

/**
 * Reads a results file into a ledger, each class once. Undefined for a file that has not even a whole header: an empty one,
 * or one whose writer died at once. Throws `InputError` for one that cannot be read, or is something else.
 *
 * @param accept looks at the header before any result is taken in; may throw.
 */
export function readResults(
  path: string,
  ledger: ResultLedger,
  accept: (header: { identity: CampaignIdentity; shard: Shard }) => void,
): ReadResults | undefined {
  const reader = new ResultsReader(path, ledger, accept);
  return reader.read();
}

class ResultsReader {
  private header: { identity: CampaignIdentity; shard: Shard } | undefined;
  private readonly walks: { of: Shard; walk: Walk }[] = [];
  private end: Walk | undefined;
  private readonly seen = new KeySet();
  private readonly lines: Lines;

  constructor(
    private readonly path: string,
    private readonly ledger: ResultLedger,
    private readonly accept: (header: { identity: CampaignIdentity; shard: Shard }) => void,
  ) {
    this.lines = new Lines(path, (text) => this.take(text), LINE_BYTES_MAX);
  }

  read(): ReadResults | undefined {
    let bytes = 0;
    let head = '';
    for (const chunk of this.chunks()) {
      if (bytes === 0) head = Buffer.from(chunk.subarray(0, HEAD.length)).toString('latin1');
      this.lines.push(chunk);
      bytes += chunk.length;
    }
    const wholeBytes = bytes - this.lines.end();
    if (this.header === undefined && !HEAD.startsWith(head)) this.refuseFile();
    return this.header && { ...this.header, walks: this.walks, end: this.end, wholeBytes };
  }

  private *chunks(): Generator<Uint8Array> {
    let file: number;
    try {
      file = openSync(this.path, 'r');
    } catch (error) {
      throw systemError(`cannot read ${this.path}`, error);
    }
    try {
      for (;;) {
        const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
        const length = readSync(file, chunk);
        if (length === 0) return;
        yield chunk.subarray(0, length);
      }
    } catch (error) {
      throw systemError(`cannot read ${this.path}`, error);
    } finally {
      closeSync(file);
    }
  }

  private take(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = undefined;
    }
    if (!isRecord(value) && this.header === undefined) this.refuseFile();
    if (!isRecord(value)) this.refuse('this is no line of a results file');
    const line = value as unknown as ResultsLine;
    if (this.header === undefined) this.takeHeader(line);
    else if ('consistent' in line) this.takeConsistent(line.consistent);
    else if ('result' in line) {
      if (this.isNew(line.result.key)) this.ledger.addResult(line.result);
    } else if ('unprobed' in line) this.ledger.unprobed.add(line.unprobed);
    else if ('walk' in line) this.walks.push({ of: line.of, walk: line.walk });
    else if ('end' in line) this.end = line.end;
    else this.refuse('this is no line of a results file');
  }

  private takeHeader(line: ResultsLine): void {
    if (!('format' in line) || line.format !== RESULTS_FORMAT) {
      this.refuseFile();
    }
    if (line.formatVersion !== RESULTS_FORMAT_VERSION) {
      throw new InputError(
        `${this.path} has formatVersion ${String(line.formatVersion)}, and only ${RESULTS_FORMAT_VERSION} can be read; ` +
          'choose another --results file',
      );
    }
    const { identity, shard } = line;
    this.accept({ identity, shard });
    this.header = { identity, shard };
  }

  private takeConsistent(keys: readonly string[]): void {
    if (!Array.isArray(keys)) this.refuse('consistent must be a list of keys');
    const fresh = keys.filter((key) => this.isNew(key));
    const lanes = new Int32Array(fresh.length * 4);
    for (const [i, key] of fresh.entries()) lanes.set(lanesOf(key), i * 4);
    this.ledger.addConsistent(lanes);
  }

  private isNew(key: unknown): boolean {
    if (typeof key !== 'string' || !KEY.test(key)) this.refuse('a key must be 32 hexadecimal digits');
    const { index, count } = this.header!.shard;
    if (shardIndexOf(lanesOf(key), 0, count) !== index) this.refuse(`${key} does not belong to this shard`);
    return this.seen.addHex(key);
  }

  private refuseFile(): never {
    throw new InputError(`${this.path} is no results file of a campaign; choose another --results file`);
  }

  private refuse(why: string): never {
    throw new InputError(
      `${this.lines.place}: ${why}; the file is damaged: head -n ${this.lines.number - 1} keeps what is before it`,
    );
  }
}
