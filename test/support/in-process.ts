import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.ts';

/** A path in the repository. */
export const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, from the sources. Checkers need threads of the built program: see command-line.ts. */
export async function ran(argv: readonly string[], stdin: string | Uint8Array = ''): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [textOf(stdout), textOf(stderr)];
  const status = await run(argv, { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr });
  stdout.end();
  stderr.end();
  return { status, stdout: await out, stderr: await err };
}

/** The object that a command prints with --json. */
export async function json(argv: readonly string[], stdin?: string): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await ran([...argv, '--json'], stdin);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
