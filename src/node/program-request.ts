import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import {
  DEFAULT_ENVIRONMENT,
  DEFAULT_MEMORY_BYTES,
  type PersistentFileSpec,
  type ProgramSpec,
} from '../guests/programs/program-spec.ts';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';
import { isRecord } from '../recordings/json-record.ts';
import { type CopiedFile, copiedFiles } from './copied-files.ts';
import { isStandardInput, type StandardInput } from './standard-input.ts';

/** A program that is to run as a guest, as plain JSON: paths of the host instead of bytes. */
export interface ProgramRequest {
  /** The command as it was given: path of the executable on the host, and its arguments. */
  readonly command: readonly string[];
  /** `NAME=value`. */
  readonly environment: readonly string[];
  /** Files, or folders with all that they hold, that are copied in. */
  readonly files: readonly CopiedFile[];
  readonly persistentFiles: readonly PersistentFileRequest[];
  /** Left out: nothing. */
  readonly stdin?: StandardInput;
  /** 64 bits, as a `0x` string. */
  readonly seed: string;
  readonly memoryBytes: number;
}

/** A file on an NVDIMM of the guest, at its path in the guest. */
export interface PersistentFileRequest {
  /** What it holds before the run, where there is such a file on the host. */
  readonly host: string;
  readonly guest: string;
  /** Room for it; left out: as much as it holds. */
  readonly capacityBytes?: number;
}

const PAGE_BYTES = 4096;

/** A request with the usual settings. */
export const programRequest = (
  given: Pick<ProgramRequest, 'command'> & Partial<ProgramRequest>,
): ProgramRequest => ({
  environment: DEFAULT_ENVIRONMENT,
  files: [],
  persistentFiles: [],
  seed: '0x0',
  memoryBytes: DEFAULT_MEMORY_BYTES,
  ...given,
});

/** Whether plain JSON is a request. */
export function isProgramRequest(value: unknown): value is ProgramRequest {
  if (!isRecord(value)) return false;
  const { command, environment, files, persistentFiles, stdin, seed, memoryBytes } = value;
  return (
    isTexts(command) &&
    command.length > 0 &&
    isTexts(environment) &&
    Array.isArray(files) &&
    files.every((file) => isTexts(file) && file.length === 2) &&
    Array.isArray(persistentFiles) &&
    persistentFiles.every(isPersistentFile) &&
    (stdin === undefined || isStandardInput(stdin)) &&
    typeof seed === 'string' &&
    /^0x[0-9a-f]{1,16}$/.test(seed) &&
    Number.isSafeInteger(memoryBytes)
  );
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isPersistentFile = (value: unknown): boolean =>
  isRecord(value) &&
  isTexts([value.host, value.guest]) &&
  (value.capacityBytes === undefined || Number.isSafeInteger(value.capacityBytes));

/** Where a path of the host is found in the guest, whose working directory is its root. */
export const guestPath = (path: string): string => posix.resolve('/', path);

/** All files that are copied in. Throws as `copiedFiles`. */
export const copiedFilesOf = ({
  files,
  persistentFiles,
}: Pick<ProgramRequest, 'files' | 'persistentFiles'>): CopiedFile[] =>
  copiedFiles(files, new Set(persistentFiles.map(({ guest }) => guest)));

/** The command as it is told to people. */
export const commandText = ({ command }: ProgramRequest): string => command.join(' ');

/** Reads all that a request names. Throws `InputError` for what cannot be read or does not fit. */
export function readProgram(request: ProgramRequest): ProgramSpec {
  const { command, environment, persistentFiles, stdin, seed, memoryBytes } = request;
  return {
    executable: readBytes(command[0]),
    path: guestPath(command[0]),
    argv: command,
    environment,
    terminals: [],
    stdin: stdin === undefined ? new Uint8Array(0) : standardInputBytes(stdin),
    files: new Map(copiedFilesOf(request).map(([host, guest]) => [guest, readBytes(host)])),
    persistentFiles: new Map(persistentFiles.map((file) => [file.guest, persistentFile(file)])),
    seed: BigInt(seed),
    memoryBytes,
    recorded: 'persistent',
  };
}

function persistentFile({ host, guest, capacityBytes }: PersistentFileRequest): PersistentFileSpec {
  if (statSync(host, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(
      `--pmem ${host}: it is a folder; give a file, such as ${posix.join(host, 'pool:1M')}`,
    );
  const contents = isThere(host) ? readBytes(host) : undefined;
  if (contents === undefined) {
    if (capacityBytes !== undefined) return { capacityBytes };
    const [, noSize] = /:([^:/]*)$/.exec(host) ?? [];
    throw new InputError(
      noSize === undefined
        ? `--pmem ${host}: there is no such file; say how large it may get, such as ${host}:1M`
        : `--pmem ${host}: there is no such file, and "${noSize}" is no size; give one such as 4096, 64K, 1M or 1G`,
    );
  }
  if (capacityBytes !== undefined && contents.length > capacityBytes)
    throw new InputError(
      `--pmem ${host}: it holds ${contents.length} bytes, more than the ${capacityBytes} that ${guest} may have`,
    );
  return { capacityBytes: capacityBytes ?? Math.max(PAGE_BYTES, contents.length), contents };
}

const standardInputBytes = (input: StandardInput): Uint8Array =>
  'file' in input ? readBytes(input.file) : new Uint8Array(Buffer.from(input.base64, 'base64'));

/** Whether a path of the host is a file. */
export const isThere = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw systemError(`cannot read ${path}`, error);
  }
}
