import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { StoreLogExport } from '../../guests/store-log/store-log.ts';
import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { WholeOperations } from '../../hardware/persistent-memory/whole-operations.ts';
import { InputError } from '../../kernel/errors.ts';
import { openRunFile, type RunFile } from '../../node/run-file.ts';
import { systemError } from '../../recordings/errors.ts';
import { writeWhole } from '../output-file.ts';
import { print } from '../print.ts';
import { outputName } from '../recording-target.ts';
import { type Io, STATUS } from '../session.ts';

export interface ExportOptions {
  readonly output: string;
  readonly json?: boolean;
}

/** Something that the format cannot tell, and how often it came up. */
interface Loss {
  readonly what: string;
  readonly count: number;
}

interface Exported {
  readonly operations: number;
  readonly events: number;
  readonly lost: readonly Loss[];
}

/** A recording to a store log. */
export async function exportLog(
  io: Io,
  path: string,
  { output, json = false }: ExportOptions,
): Promise<number> {
  if (json && output === '-') {
    throw new InputError('standard output cannot take both --json and the store log: give -o a file');
  }
  const run = await openRunFile(path, io.stdin);
  const exported =
    output === '-' ? await write(run, io.stdout) : await writeWhole(output, (file) => writeFile(run, file));
  const found = { command: 'export', file: run.name, log: output, ...exported };
  print(output === '-' ? io.stderr : io.stdout, json, found, () => [
    `${outputName(output)}: ${exported.operations} operations of ${exported.events} events`,
    ...exported.lost.map(({ what, count }) => `note: a store log cannot tell ${what} (${count} times)`),
  ]);
  return STATUS.clean;
}

async function writeFile(run: RunFile, path: string): Promise<Exported> {
  const stream = createWriteStream(path);
  const closed = once(stream, 'close'); // rejects with the first error of the stream
  try {
    const exported = await Promise.race([write(run, stream), closed.then(() => undefined)]);
    stream.end();
    await closed;
    if (exported === undefined) throw new InputError(`cannot write ${path}: it was closed`);
    return exported;
  } catch (error) {
    stream.destroy();
    await closed.catch(() => undefined);
    throw systemError(`cannot write ${path}`, error);
  }
}

/** What the machine does of its own accord: of it a store log knows nothing. */
const UNASKED: Partial<Record<MemoryEvent['kind'], string>> = {
  'line.evicted': 'the eviction of a line',
  'combining.written': 'a write-combining buffer that is written out',
  'wpq.torn': 'a torn media write',
  'power.lost': 'the loss of power',
};

async function write(run: RunFile, to: Writable): Promise<Exported> {
  const log = new StoreLogExport();
  const whole = new WholeOperations();
  const unasked = new Map<string, number>();
  let operations = 0;
  let events = 0;
  await put(to, log.begin());
  for await (const batch of run.batches()) {
    let text = '';
    for (const operation of whole.push(batch.events)) {
      text += log.add(operation);
      operations++;
    }
    events += batch.events.length;
    for (const { kind } of batch.events) {
      const what = UNASKED[kind];
      if (what !== undefined) unasked.set(what, (unasked.get(what) ?? 0) + 1);
    }
    await put(to, text);
  }
  await put(to, log.end());
  const lost = [
    ...log.lost.map(({ what, count }) => ({ what, count })),
    ...[...unasked].map(([what, count]) => ({ what, count })),
  ];
  if (whole.cutStores > 0)
    lost.push({ what: 'a store that is not whole at the end', count: whole.cutStores });
  return { operations, events, lost };
}

async function put(to: Writable, text: string): Promise<void> {
  if (text !== '' && !to.write(text)) await once(to, 'drain');
}
