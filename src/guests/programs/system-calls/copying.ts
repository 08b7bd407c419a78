import { SystemError } from '../errno.ts';
import { readFile } from '../file-contents.ts';
import type { Kernel } from '../kernel.ts';
import { type FileNode, isFile, type OpenFile } from '../nodes.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { O_ACCMODE, O_APPEND, O_WRONLY, openForWriting, TRANSFER_BYTES_MAX, writeTo } from './transfer.ts';

/** Copying between descriptors, within the kernel. */
export const copyingCalls: SystemCalls = {
  sendfile: (kernel, given) => {
    const source = openForReading(kernel, given.int(1));
    const target = openForWriting(kernel, given.int(0));
    if (!isFile(source.node) || (target.flags & O_APPEND) !== 0) throw new SystemError('EINVAL');
    const from = position(kernel, source, given.address(2));
    const bytes = readFile(kernel, source.node, from.offset, transferSize(given, 3));
    const sent = writeTo(kernel, target, bytes);
    from.move(sent);
    return sent;
  },
  copy_file_range: (kernel, given) => {
    const source = openForReading(kernel, given.int(0));
    const target = openForWriting(kernel, given.int(2));
    if ((target.flags & O_APPEND) !== 0) throw new SystemError('EBADF');
    const [source0, target0] = [regular(source), regular(target)];
    if (given.flags(5) !== 0) throw new SystemError('EINVAL');
    const from = position(kernel, source, given.address(1));
    const to = position(kernel, target, given.address(3));
    const sizeBytes = Math.min(transferSize(given, 4), Math.max(0, source0.sizeBytes - from.offset));
    const isOverlapping =
      source0 === target0 && from.offset < to.offset + sizeBytes && to.offset < from.offset + sizeBytes;
    if (isOverlapping) throw new SystemError('EINVAL');
    const copied = writeTo(kernel, target, readFile(kernel, source0, from.offset, sizeBytes), to.offset);
    from.move(copied);
    to.move(copied);
    return copied;
  },
};

const transferSize = (given: Arguments, index: number): number =>
  Math.min(given.size(index), TRANSFER_BYTES_MAX);

function openForReading(kernel: Kernel, descriptor: number): OpenFile {
  const open = kernel.open(descriptor);
  if ((open.flags & O_ACCMODE) === O_WRONLY) throw new SystemError('EBADF');
  return open;
}

/** Throws EISDIR and EINVAL for what is no file. */
function regular({ node }: OpenFile): FileNode {
  if (isFile(node)) return node;
  throw new SystemError(node.kind === 'directory' ? 'EISDIR' : 'EINVAL');
}

/** A position in a file: that of the open file, or one in memory at an address. */
interface Position {
  readonly offset: number;
  move(bytes: number): void;
}

function position({ user }: Kernel, open: OpenFile, address: bigint): Position {
  const offset = address === 0n ? open.offset : Number(BigInt.asIntN(64, user.number(address, 8)));
  if (offset < 0) throw new SystemError('EINVAL');
  return {
    offset,
    move(bytes) {
      const next = offset + bytes;
      if (address === 0n) open.offset = next;
      else user.write(address, new Uint8Array(new BigInt64Array([BigInt(next)]).buffer));
    },
  };
}
