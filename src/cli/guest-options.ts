import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_ENVIRONMENT, DEFAULT_MEMORY_BYTES } from '../guests/programs/program-spec.ts';
import { guestPath, type PersistentFileRequest, type ProgramRequest } from '../node/program-request.ts';
import type { StandardInput } from '../node/standard-input.ts';
import { parseCount } from './values.ts';

/** What surrounds a program that is run as a guest, as commander gives it. */
export interface SurroundingOptions {
  readonly pmem: readonly PersistentFileRequest[];
  readonly file: readonly (readonly [host: string, guest: string])[];
  readonly env: readonly string[];
  readonly memory: number;
}

/** The same, with what the program reads and how long it may run. */
export interface GuestOptions extends SurroundingOptions {
  readonly stdin?: string;
  readonly budget: number;
}

/** Names of these options, as commander has them. */
export const GUEST_OPTIONS: readonly string[] = ['pmem', 'file', 'env', 'memory', 'stdin', 'budget'];

const BUDGET_INSTRUCTIONS = 100_000_000;

/** Options of every command that runs a program as a guest. */
export const addSurroundingOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--pmem <file[:size]>',
        'of a program: a file that lies on persistent memory, and how large it may get, such as pool:1M; repeatable',
      )
        .argParser(collectPersistentFile)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--file <host[:guest]>',
        'of a program: a copy of a file, or of a folder, that it finds; repeatable',
      )
        .argParser(collectFile)
        .default([], 'none'),
    )
    .addOption(
      new Option('--env <name=value>', 'of a program: set a variable of its environment; repeatable')
        .argParser(collectVariable)
        .default([], DEFAULT_ENVIRONMENT.join(' ')),
    )
    .addOption(
      new Option('--memory <size>', 'of a program: its volatile memory')
        .argParser(parseSize)
        .default(DEFAULT_MEMORY_BYTES, '256M'),
    );

/** Options of commands that run a program more than once, in which one that does not end is a finding. */
export const addGuestOptions = (command: Command): Command =>
  addSurroundingOptions(command)
    .option(
      '--stdin <file>',
      'of a program: what it reads as standard input; - takes that of tearline (default: nothing)',
    )
    .addOption(
      new Option('--budget <instructions>', 'of a program: after so many it is said not to end')
        .argParser(parseCount(1, Number.MAX_SAFE_INTEGER))
        .default(BUDGET_INSTRUCTIONS, '100 million'),
    );

/** The program that a command line asks for. */
export const requestOf = (
  command: readonly string[],
  { pmem, file, env, memory }: SurroundingOptions,
  seed: bigint,
  stdin?: StandardInput,
): ProgramRequest => ({
  command,
  environment: withVariables(DEFAULT_ENVIRONMENT, env),
  files: file,
  persistentFiles: pmem,
  ...(stdin && { stdin }),
  seed: `0x${seed.toString(16)}`,
  memoryBytes: memory,
});

/** A later variable of the same name takes the place of an earlier one. */
function withVariables(before: readonly string[], more: readonly string[]): string[] {
  const nameOf = (variable: string): string => variable.slice(0, variable.indexOf('='));
  return [...new Map([...before, ...more].map((variable) => [nameOf(variable), variable])).values()];
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** A size in bytes: a number, and K, M or G. */
function parseSize(text: string): number {
  const [, digits, unit] = /^(\d{1,12})([KMG]?)$/.exec(text) ?? [];
  const sizeBytes = Number(digits) * (UNITS[unit ?? ''] ?? 1);
  if (sizeBytes > 0) return sizeBytes;
  throw new InvalidArgumentError('It must be a size in bytes, such as 4096, 64K, 1M or 1G.');
}

function collectPersistentFile(
  text: string,
  previous: readonly PersistentFileRequest[],
): readonly PersistentFileRequest[] {
  const [, host = text, size] = /^(.+):(\d+[KMG]?)$/.exec(text) ?? [];
  const guest = guestPath(host);
  if (guest === '/') throw new InvalidArgumentError('It must be a file, or FILE:SIZE.');
  if (previous.some((file) => file.guest === guest))
    throw new InvalidArgumentError(`${guest} is given twice.`);
  return [...previous, { host, guest, ...(size !== undefined && { capacityBytes: parseSize(size) }) }];
}

function collectFile(
  text: string,
  previous: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const at = text.lastIndexOf(':');
  const host = at < 0 ? text : text.slice(0, at);
  const guest = guestPath(at < 0 ? text : text.slice(at + 1));
  if (host === '' || guest === '/')
    throw new InvalidArgumentError('It must be a path, or HOST:GUEST with a path in the guest.');
  if (previous.some(([, other]) => other === guest))
    throw new InvalidArgumentError(`${guest} is given twice.`);
  return [...previous, [host, guest]];
}

function collectVariable(text: string, previous: readonly string[]): readonly string[] {
  if (text.indexOf('=') > 0) return [...previous, text];
  throw new InvalidArgumentError('It must be NAME=value.');
}
