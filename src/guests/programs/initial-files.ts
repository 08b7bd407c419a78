import { InputError } from '../../kernel/errors.ts';
import { addDirectory, attach, type FileTree, newInode } from './file-tree.ts';
import type { Directory, Node } from './nodes.ts';

const STREAM_NAMES = ['stdin', 'stdout', 'stderr'] as const;

/** Files in volatile memory that a program is given, by path, and which of them it is itself. */
export interface GivenFiles {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly program: string;
}

/** Gives a tree its directories, devices and links, and the files that are given. Throws as `makePlace`. */
export function addInitialFiles(tree: FileTree, { files, program }: GivenFiles, nowNs: bigint): void {
  const add = (path: string, node: Node): void => {
    const { directory, name } = makePlace(tree, path, nowNs);
    attach(directory, name, node, nowNs);
  };
  const inode = (mode: number) => newInode(tree, mode, nowNs);
  for (const path of ['/dev', '/proc/self', '/tmp']) makeDirectories(tree, path, nowNs);
  for (const device of ['null', 'zero', 'full', 'urandom'] as const)
    add(`/dev/${device}`, { kind: 'device', ...inode(0o666), device });
  add('/dev/random', { kind: 'link', ...inode(0o777), target: 'urandom' });
  for (const descriptor of [0, 1, 2] as const)
    add(`/dev/${STREAM_NAMES[descriptor]}`, { kind: 'alias', ...inode(0o600), descriptor });
  for (const [path, { length: sizeBytes }] of files) {
    const mode = path === program ? 0o755 : 0o644;
    add(path, { kind: 'file', ...inode(mode), given: path, bytes: new Uint8Array(0), sizeBytes });
  }
  add('/proc/self/exe', { kind: 'link', ...inode(0o777), target: program });
}

/** Where an absolute path leads. Makes the directories on the way. Throws `InputError` where one of them is a file. */
export function makePlace(
  tree: FileTree,
  path: string,
  nowNs: bigint,
): { readonly directory: Directory; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { directory: makeDirectories(tree, path.slice(0, slash), nowNs), name: path.slice(slash + 1) };
}

function makeDirectories(tree: FileTree, path: string, nowNs: bigint): Directory {
  let directory = tree.root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const node = directory.entries.get(name) ?? addDirectory(tree, directory, name, 0o755, nowNs);
    if (node.kind !== 'directory') {
      throw new InputError(
        `${path}: ${name} is a file, and has another below it; give one of them another path`,
      );
    }
    directory = node;
  }
  return directory;
}
