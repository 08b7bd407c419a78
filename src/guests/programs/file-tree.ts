import { SystemError } from './errno.ts';
import type { Directory, Inode, Node, RegularFile } from './nodes.ts';

const LINKS_MAX = 40;
export const NAME_BYTES_MAX = 255;
/** So many things have names at most: they are memory of the host. */
export const NODES_MAX = 200_000;
/** Directories within each other: a snapshot copies them by recursion. */
const DEPTH_MAX = 500;

/** Where a path leads. */
export interface Place {
  /** The directory that holds it, or would. */
  readonly directory: Directory;
  /** Its name there; undefined for the root, `.` and `..`, which cannot be made or removed. */
  readonly name: string | undefined;
  readonly node: Node | undefined;
  /** What is named so has to be a directory; what calls make of it otherwise differs. */
  readonly endsInSlash: boolean;
}

/** All files of a guest, as plain data. Nothing of the host is among them. */
export interface FileTree {
  readonly root: Directory;
  /** How many inodes were given out. */
  inodes: number;
  /** How many names may be given before it is counted anew how many are in use. */
  inodesLeft: number;
}

/** The root has inode 1; so many of the next numbers are kept free. */
export function makeTree(nowNs: bigint, keptInodes: number): FileTree {
  const root: Directory = {
    kind: 'directory',
    inode: 1,
    links: 1,
    mode: 0o755,
    changedNs: nowNs,
    name: '/',
    parent: undefined,
    entries: new Map(),
  };
  return { root, inodes: 1 + keptInodes, inodesLeft: NODES_MAX };
}

/** What every new node has. Throws ENOSPC where there are as many as there may be. */
export function newInode(tree: FileTree, mode: number, changedNs: bigint): Inode {
  takeName(tree);
  return { inode: ++tree.inodes, links: 0, mode, changedNs };
}

/** An empty file in volatile memory, without a name yet. */
export const newFile = (tree: FileTree, mode: number, changedNs: bigint): RegularFile => ({
  kind: 'file',
  ...newInode(tree, mode, changedNs),
  given: undefined,
  bytes: new Uint8Array(0),
  sizeBytes: 0,
});

/** Takes room for one more name. Throws ENOSPC. */
export function takeName(tree: FileTree): void {
  if (tree.inodesLeft <= 0) {
    tree.inodesLeft = NODES_MAX;
    for (const _ of walk(tree.root)) tree.inodesLeft--;
    if (tree.inodesLeft <= 0) throw new SystemError('ENOSPC');
  }
  tree.inodesLeft--;
}

/** Throws ENAMETOOLONG where a directory that is moved or made in another would be too deep below the root. */
export function checkDepth(parent: Directory, moved?: Directory): void {
  let depth = 1;
  for (let at = parent.parent; at !== undefined; at = at.parent) depth++;
  let height = 0;
  for (let level = moved === undefined ? [] : [moved]; level.length > 0; height++) {
    level = level.flatMap(({ entries }) => [...entries.values()].filter((node) => node.kind === 'directory'));
  }
  if (depth + Math.max(1, height) > DEPTH_MAX) throw new SystemError('ENAMETOOLONG');
}

export function addDirectory(
  tree: FileTree,
  parent: Directory,
  name: string,
  mode: number,
  nowNs: bigint,
): Directory {
  const directory: Directory = {
    kind: 'directory',
    ...newInode(tree, mode, nowNs),
    name,
    parent,
    entries: new Map(),
  };
  attach(parent, name, directory, nowNs);
  return directory;
}

export function attach(parent: Directory, name: string, node: Node, nowNs: bigint): void {
  parent.entries.set(name, node);
  parent.changedNs = nowNs;
  node.links++;
  if (node.kind !== 'directory') return;
  node.name = name;
  node.parent = parent;
}

export function detach(parent: Directory, name: string, nowNs: bigint): void {
  const node = parent.entries.get(name);
  if (node !== undefined) node.links--;
  if (node?.kind === 'directory') node.parent = undefined;
  parent.entries.delete(name);
  parent.changedNs = nowNs;
}

/** Absolute path of a directory. Throws ENOENT when it was removed. */
export function pathOf(tree: FileTree, directory: Directory): string {
  const names: string[] = [];
  for (let at = directory; at !== tree.root; at = at.parent) {
    if (at.parent === undefined) throw new SystemError('ENOENT');
    names.unshift(at.name);
  }
  return `/${names.join('/')}`;
}

/** Absolute path of a name in a directory. */
export const pathIn = (tree: FileTree, directory: Directory, name: string): string =>
  directory === tree.root ? `/${name}` : `${pathOf(tree, directory)}/${name}`;

/** Whether a directory is another one, or below it. */
export function isWithin(directory: Directory, other: Directory): boolean {
  for (let at: Directory | undefined = directory; at !== undefined; at = at.parent) {
    if (at === other) return true;
  }
  return false;
}

/**
 * Where a path leads, from a directory on. A link at its end is followed when `followsLast`, or a slash is behind it. The last
 * name need not exist. Throws ENOENT, ENOTDIR, ELOOP and ENAMETOOLONG.
 */
export function resolve(tree: FileTree, from: Directory, path: string, followsLast: boolean): Place {
  if (path === '') throw new SystemError('ENOENT');
  const names = path.split('/').filter((name) => name !== '');
  const endsInSlash = path.endsWith('/');
  let links = 0;
  let directory = path.startsWith('/') ? tree.root : from;
  let place: Omit<Place, 'endsInSlash'> = { directory, name: undefined, node: directory };
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name.length > NAME_BYTES_MAX) throw new SystemError('ENAMETOOLONG');
    if (place.node === undefined) throw new SystemError('ENOENT');
    if (place.node.kind !== 'directory') throw new SystemError('ENOTDIR');
    directory = place.node;
    if (name === '.' || name === '..') {
      const node: Directory = name === '.' ? directory : (directory.parent ?? directory);
      place = { directory: node, name: undefined, node };
      continue;
    }
    const node = directory.entries.get(name);
    if (node?.kind === 'link' && (names.length > 0 || followsLast || endsInSlash)) {
      if (++links > LINKS_MAX) throw new SystemError('ELOOP');
      names.unshift(...node.target.split('/').filter((part) => part !== ''));
      const start = node.target.startsWith('/') ? tree.root : directory;
      place = { directory: start, name: undefined, node: start };
      continue;
    }
    place = { directory, name, node };
  }
  return { ...place, endsInSlash };
}

/** What a path leads to. Throws ENOENT, and ENOTDIR for a file that is named like a directory. */
export function existing({ node, endsInSlash }: Place): Node {
  if (node === undefined) throw new SystemError('ENOENT');
  if (endsInSlash && node.kind !== 'directory') throw new SystemError('ENOTDIR');
  return node;
}

/** All nodes below a directory, with their absolute paths. */
export function* walk(directory: Directory, path = ''): Generator<readonly [path: string, node: Node]> {
  for (const [name, node] of directory.entries) {
    yield [`${path}/${name}`, node];
    if (node.kind === 'directory') yield* walk(node, `${path}/${name}`);
  }
}
