import { FILES_BYTES_MAX } from '../file-room.ts';
import { NAME_BYTES_MAX, NODES_MAX } from '../file-tree.ts';
import type { Kernel } from '../kernel.ts';
import type { SystemCalls } from './call.ts';
import { text } from './paths.ts';

/** As of the file systems of Linux that are in memory. */
const TMPFS_MAGIC = 0x0102_1994n;
const BLOCK_BYTES = 4096n;

/** What there is to know of the file system: the one that a guest has. */
export const fileSystemCalls: SystemCalls = {
  statfs: (kernel, given) => {
    kernel.node(kernel.state.workingDirectory, text(kernel, given, 0));
    return tell(kernel, given.address(1));
  },
  fstatfs: (kernel, given) => {
    kernel.open(given.int(0));
    return tell(kernel, given.address(1));
  },
};

/** struct statfs: type, block size, blocks (all, free, for users), inodes (all, free), identity, name length, fragment size, flags. */
function tell({ user, state }: Kernel, address: bigint): number {
  const [blocks, inodes] = [BigInt(FILES_BYTES_MAX) / BLOCK_BYTES, BigInt(NODES_MAX)];
  const free = BigInt(state.fileRoom.bytesLeft) / BLOCK_BYTES;
  const inodesFree = BigInt(Math.max(0, state.tree.inodesLeft));
  const words = [TMPFS_MAGIC, BLOCK_BYTES, blocks, free, free, inodes, inodesFree, 0n];
  const fields = [...words, BigInt(NAME_BYTES_MAX), BLOCK_BYTES, 0n, 0n, 0n, 0n, 0n];
  user.write(address, new Uint8Array(new BigUint64Array(fields).buffer));
  return 0;
}
