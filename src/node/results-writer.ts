import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Shard } from '../explore/limits.ts';
import { keyHex } from '../explore/shard-run.ts';
import { systemError } from '../recordings/errors.ts';
import type { CampaignIdentity } from './campaign-identity.ts';
import { RESULTS_FORMAT, RESULTS_FORMAT_VERSION, type ResultsLine } from './results-lines.ts';
import type { Walk, WorkerMessage } from './worker-protocol.ts';

/**
 * Appends to a results file. Each line is with the operating system when the call returns, so it survives the death of this
 * process; a line that death cuts in two is cut off when the file is opened again.
 */
export class ResultsWriter {
  private readonly file: number;

  /** Begins a file, or goes on with one that has so many bytes of whole lines. Throws `InputError`. */
  constructor(
    private readonly path: string,
    header: { identity: CampaignIdentity; shard: Shard },
    wholeBytes: number,
  ) {
    this.file = this.attempt(() => openSync(path, 'a'));
    this.attempt(() => ftruncateSync(this.file, wholeBytes));
    if (wholeBytes > 0) return;
    this.put({ format: RESULTS_FORMAT, formatVersion: RESULTS_FORMAT_VERSION, ...header });
  }

  /** Keeps what a worker said, if it is a result. */
  keep(message: WorkerMessage, shard: Shard): void {
    if (message.type === 'consistent') this.put({ consistent: hexKeys(message.keys) });
    else if (message.type === 'result') this.put({ result: message.result });
    else if (message.type === 'walked' && !message.walk.stopped) this.put({ walk: message.walk, of: shard });
  }

  unprobed(key: string): void {
    this.put({ unprobed: key });
  }

  end(walk: Walk): void {
    this.put({ end: walk });
  }

  close(): void {
    closeSync(this.file);
  }

  private put(line: ResultsLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
    });
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw systemError(`cannot write ${this.path}`, error);
    }
  }
}

function hexKeys(keys: Int32Array): string[] {
  const hex: string[] = [];
  for (let at = 0; at < keys.length; at += 4) hex.push(keyHex(keys.subarray(at, at + 4)));
  return hex;
}
