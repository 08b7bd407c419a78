import { SystemError } from '../errno.ts';
import { attach, existing, newInode, takeName } from '../file-tree.ts';
import type { Kernel } from '../kernel.ts';
import type { Directory, Node } from '../nodes.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { from, newName, text } from './paths.ts';

const AT_SYMLINK_FOLLOW = 0x400;
const AT_EMPTY_PATH = 0x1000;

/** Further names of files, and symbolic links. */
export const linkCalls: SystemCalls = {
  link: (kernel, given) => {
    const { workingDirectory } = kernel.state;
    const source = kernel.place(workingDirectory, text(kernel, given, 0), false);
    return link(kernel, existing(source), { directory: workingDirectory, index: 1 }, given);
  },
  linkat: (kernel, given) => {
    const flags = given.flags(4);
    if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) !== 0) throw new SystemError('EINVAL');
    const path = text(kernel, given, 1);
    const isOpen = path === '' && (flags & AT_EMPTY_PATH) !== 0;
    const source = isOpen
      ? kernel.open(given.int(0)).node
      : kernel.node(from(kernel, given, 0, 1), path, (flags & AT_SYMLINK_FOLLOW) !== 0);
    return link(kernel, source, { directory: from(kernel, given, 2, 3), index: 3 }, given);
  },
  symlink: (kernel, given) =>
    symbolicLink(kernel, { directory: kernel.state.workingDirectory, index: 1 }, given),
  symlinkat: (kernel, given) =>
    symbolicLink(kernel, { directory: from(kernel, given, 1, 2), index: 2 }, given),
  readlink: (kernel, given) =>
    readLink(kernel, { directory: kernel.state.workingDirectory, index: 0 }, given),
  readlinkat: (kernel, given) => readLink(kernel, { directory: from(kernel, given, 0, 1), index: 1 }, given),
};

/** A path among the arguments, and what it is relative to. */
interface RelativePath {
  readonly directory: Directory;
  readonly index: number;
}

function link(kernel: Kernel, node: Node, { directory, index }: RelativePath, given: Arguments): number {
  const { place, name } = newName(kernel, directory, given, index);
  if (place.endsInSlash) throw new SystemError('ENOENT');
  if (node.kind === 'directory') throw new SystemError('EPERM');
  if (node.links === 0) throw new SystemError('ENOENT');
  takeName(kernel.state.tree);
  attach(place.directory, name, node, kernel.nowNs);
  return 0;
}

/** The target is the first argument, whatever it leads to. */
function symbolicLink(kernel: Kernel, { directory, index }: RelativePath, given: Arguments): number {
  const target = text(kernel, given, 0);
  if (target === '') throw new SystemError('ENOENT');
  const { place, name } = newName(kernel, directory, given, index);
  if (place.endsInSlash) throw new SystemError('ENOENT');
  const inode = newInode(kernel.state.tree, 0o777, kernel.nowNs);
  attach(place.directory, name, { kind: 'link', ...inode, target }, kernel.nowNs);
  return 0;
}

function readLink(kernel: Kernel, { directory, index }: RelativePath, given: Arguments): number {
  const node = kernel.node(directory, text(kernel, given, index), false);
  const size = given.int(index + 2);
  if (node.kind !== 'link' || size <= 0) throw new SystemError('EINVAL');
  const target = new TextEncoder().encode(node.target).subarray(0, size);
  kernel.user.write(given.address(index + 1), target);
  return target.length;
}
