import { tellSummary } from '../../guests/store-log/store-log.ts';
import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import { InputError } from '../../kernel/errors.ts';
import { openStoreLog, type RunFile } from '../../node/run-file.ts';
import { persistentMemory, type RecordingTarget, RecordingWriter } from '../../recordings/recordings.ts';
import { writeWhole } from '../output-file.ts';
import { print } from '../print.ts';
import { outputName, recordingTarget } from '../recording-target.ts';
import { type Io, STATUS } from '../session.ts';

export interface ImportOptions {
  readonly output: string;
  readonly platform: Platform;
  readonly base: ReadonlyMap<string, string>;
  readonly json?: boolean;
}

/** A store log to a recording. */
export async function importLog(
  io: Io,
  path: string,
  { output, platform, base, json = false }: ImportOptions,
): Promise<number> {
  if (json && output === '-')
    throw new InputError('standard output cannot take both --json and the recording: give -o a file');
  const [source, name] = path === '-' ? [io.stdin, 'standard input'] : [path, path];
  const run = await openStoreLog(source, name, { platform, base });
  const events =
    output === '-'
      ? await write(run, recordingTarget(io, output))
      : await writeWhole(output, (temporary) => write(run, temporary));
  const { summary } = run.ending;
  const notes = summary === undefined ? [] : tellSummary(summary);
  const found = {
    command: 'import',
    log: name,
    recording: output,
    platform,
    events,
    records: summary?.records,
    operations: summary?.operations,
    skipped: summary?.skipped,
    cutStores: summary?.cutStores,
    complete: summary?.stopped,
    notes,
  };
  print(output === '-' ? io.stderr : io.stdout, json, found, () => {
    const { store = 0, flush = 0, fence = 0, marker = 0 } = summary?.operations ?? {};
    return [
      `${outputName(output)}: ${events} events of ${store} stores, ${flush} flushes, ${fence} fences and ${marker} markers; platform ${platform}`,
      ...notes.map((note) => `note: ${note}`),
    ];
  });
  return STATUS.clean;
}

async function write(run: RunFile, target: RecordingTarget): Promise<number> {
  const writer = await RecordingWriter.open(target, persistentMemory, run.header);
  let events = 0;
  for await (const batch of run.batches()) {
    await writer.write(batch);
    events += batch.events.length;
  }
  await writer.end();
  return events;
}
