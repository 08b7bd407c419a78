import { SystemError } from '../errno.ts';
import { readFile, writeFile } from '../file-contents.ts';
import type { Kernel } from '../kernel.ts';
import type { OpenFile, Pipe } from '../nodes.ts';
import { isFile } from '../nodes.ts';
import { SIGPIPE } from '../signal-numbers.ts';
import { send } from '../signals.ts';
import { waitForSignal } from '../timers.ts';
import type { Arguments, SystemCalls } from './call.ts';

/** Linux transfers no more at once. */
export const TRANSFER_BYTES_MAX = 0x7ffff000;
const VECTORS_MAX = 1024;
export const PIPE_BYTES = 65536;
export const O_ACCMODE = 3;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;

/** A part of a struct iovec array. */
interface Buffer {
  readonly address: bigint;
  readonly sizeBytes: number;
}

export const transferCalls: SystemCalls = {
  read: (kernel, given) => read(kernel, given.int(0), [bufferAt(given, 1)]),
  write: (kernel, given) => write(kernel, given.int(0), [bufferAt(given, 1)]),
  readv: (kernel, given) => read(kernel, given.int(0), vector(kernel, given)),
  writev: (kernel, given) => write(kernel, given.int(0), vector(kernel, given)),
  pread64: (kernel, given) => read(kernel, given.int(0), [bufferAt(given, 1)], given.offset(3)),
  pwrite64: (kernel, given) => write(kernel, given.int(0), [bufferAt(given, 1)], given.offset(3)),
  preadv: (kernel, given) => read(kernel, given.int(0), vector(kernel, given), given.offset(3)),
  pwritev: (kernel, given) => write(kernel, given.int(0), vector(kernel, given), given.offset(3)),
  preadv2: (kernel, given) => read(kernel, given.int(0), vector(kernel, given), offsetWithFlags(given)),
  pwritev2: (kernel, given) => write(kernel, given.int(0), vector(kernel, given), offsetWithFlags(given)),
};

const bufferAt = (given: Arguments, index: number): Buffer => ({
  address: given.address(index),
  sizeBytes: Math.min(given.size(index + 1), TRANSFER_BYTES_MAX),
});

function vector({ user }: Kernel, given: Arguments): Buffer[] {
  const count = given.int(2);
  if (count < 0 || count > VECTORS_MAX) throw new SystemError('EINVAL');
  const buffers: Buffer[] = [];
  let total = 0;
  for (let index = 0; index < count; index++) {
    const at = given.address(1) + BigInt(16 * index);
    const size = user.number(at + 8n, 8);
    if (size >= 1n << 63n) throw new SystemError('EINVAL');
    const sizeBytes = Math.min(Number(size), TRANSFER_BYTES_MAX - total);
    total += sizeBytes;
    buffers.push({ address: user.number(at, 8), sizeBytes });
  }
  return buffers;
}

/** Of the calls with flags: -1 is the position of the open file. There is no flag that a guest could have. */
function offsetWithFlags(given: Arguments): number | undefined {
  if (given.flags(5) !== 0) throw new SystemError('EOPNOTSUPP');
  return given.long(3) === -1n ? undefined : given.offset(3);
}

const totalOf = (buffers: readonly Buffer[]): number =>
  buffers.reduce((total, { sizeBytes }) => total + sizeBytes, 0);

/** At the position of the open file, which moves, unless an offset is given. */
function read(kernel: Kernel, descriptor: number, buffers: readonly Buffer[], offset?: number): number {
  const open = kernel.open(descriptor);
  if ((open.flags & O_ACCMODE) === O_WRONLY) throw new SystemError('EBADF');
  if (offset !== undefined && offset < 0) throw new SystemError('EINVAL');
  const bytes = readFrom(kernel, open, totalOf(buffers), offset);
  let done = 0;
  for (const { address, sizeBytes } of buffers) {
    const part = bytes.subarray(done, done + sizeBytes);
    kernel.user.write(address, part);
    done += part.length;
  }
  // Only now, so that a fault leaves everything as it was.
  if (offset === undefined) advance(kernel, open, bytes.length);
  return bytes.length;
}

function readFrom(kernel: Kernel, open: OpenFile, sizeBytes: number, offset?: number): Uint8Array {
  const { node } = open;
  if (isFile(node)) return readFile(kernel, node, offset ?? open.offset, sizeBytes);
  if (offset !== undefined && node.kind !== 'device') {
    throw new SystemError(node.kind === 'directory' ? 'EISDIR' : 'ESPIPE');
  }
  switch (node.kind) {
    case 'directory':
    case 'link':
    case 'alias':
      throw new SystemError('EISDIR');
    case 'device': {
      if (node.device === 'null') return new Uint8Array(0);
      return node.device === 'zero' || node.device === 'full'
        ? new Uint8Array(Math.min(sizeBytes, 32 * 1024 * 1024))
        : kernel.random(sizeBytes);
    }
    case 'stream': {
      if (node.stream !== 0) throw new SystemError('EBADF');
      if (kernel.hooks.readInput !== undefined) {
        kernel.drain();
        return kernel.hooks.readInput(sizeBytes);
      }
      const { inputPosition } = kernel.state;
      return kernel.spec.stdin.subarray(inputPosition, inputPosition + sizeBytes);
    }
    case 'pipe':
      return readPipe(kernel, node, open, sizeBytes);
  }
}

function readPipe(kernel: Kernel, pipe: Pipe, open: OpenFile, sizeBytes: number): Uint8Array {
  if (pipe.bytes.length > 0 || pipe.writers === 0 || sizeBytes === 0)
    return pipe.bytes.subarray(0, sizeBytes);
  if ((open.flags & O_NONBLOCK) !== 0) throw new SystemError('EAGAIN');
  waitForSignal(kernel, 'it reads from an empty pipe that only it can write to', { isRestarted: true });
}

/** What was read is gone from the position on. */
function advance(kernel: Kernel, open: OpenFile, sizeBytes: number): void {
  const { node } = open;
  if (isFile(node)) open.offset += sizeBytes;
  else if (node.kind === 'pipe') node.bytes = node.bytes.slice(sizeBytes);
  else if (node.kind === 'stream' && kernel.hooks.readInput === undefined) {
    kernel.state.inputPosition += sizeBytes;
  }
}

function write(kernel: Kernel, descriptor: number, buffers: readonly Buffer[], offset?: number): number {
  const open = openForWriting(kernel, descriptor);
  if (offset !== undefined && offset < 0) throw new SystemError('EINVAL');
  return writeTo(kernel, open, gather(kernel, buffers), offset);
}

export function openForWriting(kernel: Kernel, descriptor: number): OpenFile {
  const open = kernel.open(descriptor);
  if ((open.flags & O_ACCMODE) === 0) throw new SystemError('EBADF');
  return open;
}

export function writeTo(kernel: Kernel, open: OpenFile, bytes: Uint8Array, offset?: number): number {
  const { node } = open;
  if (isFile(node)) {
    const isAppending = (open.flags & O_APPEND) !== 0;
    const at = isAppending ? node.sizeBytes : (offset ?? open.offset);
    writeFile(kernel, node, at, bytes);
    if (offset === undefined) open.offset = at + bytes.length;
    return bytes.length;
  }
  if (offset !== undefined && node.kind !== 'device') throw new SystemError('ESPIPE');
  switch (node.kind) {
    case 'directory':
    case 'link':
    case 'alias':
      throw new SystemError('EBADF');
    case 'device':
      if (node.device === 'full') throw new SystemError('ENOSPC');
      return bytes.length;
    case 'stream':
      if (node.stream === 0) throw new SystemError('EBADF');
      return writeStream(kernel, node.stream, bytes);
    case 'pipe':
      return writePipe(kernel, node, open, bytes);
  }
}

function writeStream(kernel: Kernel, stream: 1 | 2, bytes: Uint8Array): number {
  kernel.drain();
  try {
    if (bytes.length > 0) kernel.hooks.written?.(stream, bytes);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'EPIPE') breakPipe(kernel);
    throw error;
  }
  return bytes.length;
}

/** Nobody reads what was written any more. Throws EPIPE. */
function breakPipe(kernel: Kernel): never {
  const fault = { trap: 0, error: 0, faultAddress: 0n };
  send(kernel.state, { signal: SIGPIPE, code: 0, address: 0n, ...fault });
  throw new SystemError('EPIPE');
}

/** Copies, so that what observes them may keep them. */
function gather({ user }: Kernel, buffers: readonly Buffer[]): Uint8Array {
  if (buffers.length === 1) return user.read(buffers[0].address, buffers[0].sizeBytes);
  const all = new Uint8Array(totalOf(buffers));
  let done = 0;
  for (const { address, sizeBytes } of buffers) {
    all.set(user.read(address, sizeBytes), done);
    done += sizeBytes;
  }
  return all;
}

function writePipe(kernel: Kernel, pipe: Pipe, open: OpenFile, bytes: Uint8Array): number {
  if (pipe.readers === 0) breakPipe(kernel);
  const room = PIPE_BYTES - pipe.bytes.length;
  if (bytes.length > room && (room === 0 || (open.flags & O_NONBLOCK) === 0)) {
    if ((open.flags & O_NONBLOCK) !== 0) throw new SystemError('EAGAIN');
    waitForSignal(kernel, 'it writes to a full pipe that only it can read from', { isRestarted: true });
  }
  const part = bytes.subarray(0, room);
  const all = new Uint8Array(pipe.bytes.length + part.length);
  all.set(pipe.bytes);
  all.set(part, pipe.bytes.length);
  pipe.bytes = all;
  return part.length;
}
