import type { SpaceState } from './address-space.ts';
import { SystemError } from './errno.ts';
import { type FileTree, walk } from './file-tree.ts';
import type { Descriptor, Node } from './nodes.ts';

/** All files in volatile memory together: they are memory of the host. */
export const FILES_BYTES_MAX = 1024 * 1024 * 1024;

/** How many bytes files may still grow by before it is counted anew how many there are. */
export interface FileRoom {
  bytesLeft: number;
}

export const makeRoom = (): FileRoom => ({ bytesLeft: FILES_BYTES_MAX });

/** Where files are that take room. */
interface FileOwners {
  readonly fileRoom: FileRoom;
  readonly tree: FileTree;
  readonly descriptors: ReadonlyMap<number, Descriptor>;
  readonly space: SpaceState;
}

/** Takes room for a file that grows. Throws ENOSPC. */
export function takeRoom(state: FileOwners, bytes: number): void {
  const { fileRoom } = state;
  if (bytes > fileRoom.bytesLeft) {
    fileRoom.bytesLeft = FILES_BYTES_MAX - bytesInUse(state);
    if (bytes > fileRoom.bytesLeft) throw new SystemError('ENOSPC');
  }
  fileRoom.bytesLeft -= bytes;
}

/** Of files that have a name, or are open or mapped without one. */
function bytesInUse({ tree, descriptors, space }: FileOwners): number {
  const nodes = new Set<Node>();
  for (const [, node] of walk(tree.root)) nodes.add(node);
  for (const { open } of descriptors.values()) nodes.add(open.node);
  for (const { file } of space.mappings) nodes.add(file);
  let total = 0;
  for (const node of nodes) if (node.kind === 'file') total += node.bytes.length;
  return total;
}
