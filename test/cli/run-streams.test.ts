import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { builtCommand } from '../support/command-line.ts';
import { inRepository } from '../support/in-process.ts';

const STREAMS = inRepository('fixtures/x86/guests/streams.elf');
const isNative = process.platform === 'linux' && process.arch === 'x64';

type Start = (...args: string[]) => ChildProcessWithoutNullStreams;

const asGuest: Start = (...args) => spawn(process.execPath, [builtCommand, 'run', '--', STREAMS, ...args]);
const natively: Start = (...args) => spawn(STREAMS, args);

interface End {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function endOf(child: ChildProcessWithoutNullStreams): Promise<End> {
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { status, signal };
}

/** What a program does in these ways of use; that of the machine and that of a guest have to be the same. */
const uses = {
  async interrupted(start: Start, signal: NodeJS.Signals): Promise<End> {
    const child = start('loop');
    const end = endOf(child);
    await once(child.stdout, 'data');
    child.kill(signal);
    return end;
  },
  async interruptedReading(start: Start, signal: NodeJS.Signals): Promise<End> {
    const child = start('cat');
    const end = endOf(child);
    child.stdin.write('x');
    await once(child.stdout, 'data');
    child.kill(signal);
    return end;
  },
  async notRead(how: string): Promise<{ status: number | null; errors: string }> {
    const child = asGuest(how);
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    const end = endOf(child);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    return { status: (await end).status, errors };
  },
  async written(start: Start, sizeBytes: number): Promise<{ end: End; sizeBytes: number; digest: string }> {
    const child = start('bytes', String(sizeBytes));
    const hash = createHash('sha256');
    let size = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      hash.update(bytes);
      size += bytes.length;
    });
    return { end: await endOf(child), sizeBytes: size, digest: hash.digest('hex') };
  },
  async copied(start: Start, input: Uint8Array): Promise<{ end: End; isSame: boolean }> {
    const child = start('cat');
    const chunks: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => chunks.push(bytes));
    child.stdin.end(input);
    return { end: await endOf(child), isSame: Buffer.concat(chunks).equals(input) };
  },
  async conversation(start: Start): Promise<string[]> {
    const child = start('cat');
    const answers: string[] = [];
    for (const line of ['one\n', 'two\n']) {
      child.stdin.write(line);
      answers.push(String((await once(child.stdout, 'data'))[0]));
    }
    child.stdin.end();
    answers.push(String((await endOf(child)).status));
    return answers;
  },
};

const bytes = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 7) >> (at & 3));

const CASES: readonly (readonly [
  what: string,
  use: (start: Start) => Promise<unknown>,
  expected: unknown,
])[] = [
  ['Ctrl-C', (start) => uses.interrupted(start, 'SIGINT'), { status: null, signal: 'SIGINT' }],
  ['SIGTERM', (start) => uses.interrupted(start, 'SIGTERM'), { status: null, signal: 'SIGTERM' }],
  [
    'Ctrl-C while it reads',
    (start) => uses.interruptedReading(start, 'SIGINT'),
    { status: null, signal: 'SIGINT' },
  ],
  [
    'a large output',
    (start) => uses.written(start, 5_000_000),
    expect.objectContaining({ end: { status: 0, signal: null }, sizeBytes: 5_000_000 }),
  ],
  [
    'a large binary input',
    (start) => uses.copied(start, bytes),
    { end: { status: 0, signal: null }, isSame: true },
  ],
  [
    'an empty input',
    (start) => uses.copied(start, new Uint8Array(0)),
    { end: { status: 0, signal: null }, isSame: true },
  ],
  ['lines that are answered before the next', uses.conversation, ['one\n', 'two\n', '0']],
];

/** Not compared: a program that Node starts may inherit that SIGPIPE is ignored. */
const CLOSED: readonly (readonly [what: string, how: string, expected: unknown])[] = [
  ['an output that nobody reads', 'lines', { status: 128 + 13, errors: '' }],
  [
    'an output that nobody reads, and SIGPIPE ignored',
    'lines-ignoring',
    { status: 9, errors: 'Broken pipe\n' },
  ],
];

describe('tearline run treats standard streams and signals as the program does', () => {
  it.each(CASES)('%s', async (_, use, expected) => {
    const found = await use(asGuest);

    expect(found).toEqual(expected);
    if (isNative) expect(found).toEqual(await use(natively));
  });

  it.each(CLOSED)('%s', async (_, how, expected) => {
    expect(await uses.notRead(how)).toEqual(expected);
  });

  it('ends quickly on Ctrl-C', async () => {
    const child = asGuest('loop');
    const end = endOf(child);
    await once(child.stdout, 'data');
    const startedMs = performance.now();
    child.kill('SIGINT');
    await end;

    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
