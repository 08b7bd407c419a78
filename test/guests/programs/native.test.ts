import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { guestSpec, runGuest, x86Fixture } from '../../support/guests.ts';

interface NativeRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** SHA-256 of their contents. */
  readonly files: Readonly<Record<string, string>>;
}

const native = JSON.parse(new TextDecoder().decode(x86Fixture('guests/native.json'))) as {
  readonly stdin: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly runs: readonly NativeRun[];
};

const digestOf = (bytes: Uint8Array | undefined): string =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

describe('a guest does what the same program does on the processor of a machine under Linux', () => {
  it.each(native.runs)('$program $args', ({ program, args, status, signal, stdout, stderr, files }) => {
    const spec = guestSpec(program, args, {
      stdin: new TextEncoder().encode(native.stdin),
      persistentFiles: new Map([['/pool', { capacityBytes: 65536 }]]),
      environment: Object.entries(native.environment).map(([name, value]) => `${name}=${value}`),
    });

    const { process, end, ...written } = runGuest(spec);

    expect(written).toEqual({ stdout, stderr });
    expect(end).toMatchObject(
      status === null ? { why: 'killed', signalName: signal } : { why: 'exited', status },
    );
    const made = process.filePaths().filter((path) => path !== spec.path);
    const contents = made.map((path) => [path.slice(1), digestOf(process.contents(path))]);
    expect(Object.fromEntries(contents)).toEqual(files);
    expect([...process.unknownSystemCalls]).toEqual([]);
  });
});
