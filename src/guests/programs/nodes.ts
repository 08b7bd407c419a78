/*
 * What the emulated kernel remembers of files. All of it is plain data, so that a snapshot is a structured clone.
 */

export interface Inode {
  readonly inode: number;
  /** How many names it has; a directory has one, or none when it was removed. */
  links: number;
  /** Permission bits. */
  mode: number;
  /** Virtual time of the last change, in nanoseconds since 1970. */
  changedNs: bigint;
}

export interface Directory extends Inode {
  readonly kind: 'directory';
  /** `/` for the root. */
  name: string;
  /** Undefined for the root, and for a directory that was removed. */
  parent: Directory | undefined;
  readonly entries: Map<string, Node>;
}

/** A file in volatile memory. */
export interface RegularFile extends Inode {
  readonly kind: 'file';
  /** The path in the specification whose contents it still has; `bytes` is empty then. */
  given: string | undefined;
  /** What it holds, and behind that zeros as room to grow. */
  bytes: Uint8Array;
  sizeBytes: number;
}

/** A file on an NVDIMM. Its bytes are in guest memory, where its room is. */
export interface PersistentFile extends Inode {
  readonly kind: 'persistent';
  /** Which room. */
  readonly room: number;
  sizeBytes: number;
}

export interface SymbolicLink extends Inode {
  readonly kind: 'link';
  readonly target: string;
}

export interface Device extends Inode {
  readonly kind: 'device';
  readonly device: 'null' | 'zero' | 'full' | 'urandom';
}

/** What opens the file of a descriptor once more: /dev/stdin, /dev/stdout and /dev/stderr. */
export interface Alias extends Inode {
  readonly kind: 'alias';
  readonly descriptor: 0 | 1 | 2;
}

/** Standard input, output or error. */
export interface Stream extends Inode {
  readonly kind: 'stream';
  readonly stream: 0 | 1 | 2;
  readonly isTerminal: boolean;
}

export interface Pipe extends Inode {
  readonly kind: 'pipe';
  /** What was written and not yet read. */
  bytes: Uint8Array;
  readers: number;
  writers: number;
}

export type FileNode = RegularFile | PersistentFile;
export type Node = Directory | FileNode | SymbolicLink | Alias | Device | Stream | Pipe;

/** What `open` makes; descriptors that are duplicates share it. */
export interface OpenFile {
  readonly node: Node;
  /** As given to `open`: access mode and status. */
  flags: number;
  /** Position in bytes, or in `names` for a directory. */
  offset: number;
  /** Names in a directory when reading it began. */
  names: readonly string[] | undefined;
  /** How many descriptors lead to it. */
  references: number;
}

export interface Descriptor {
  readonly open: OpenFile;
  closesOnExec: boolean;
}

/** Bits of `st_mode`. */
const TYPE_BITS: Readonly<Record<Node['kind'], number>> = {
  stream: 0o010000,
  pipe: 0o010000,
  alias: 0o010000,
  device: 0o020000,
  directory: 0o040000,
  file: 0o100000,
  persistent: 0o100000,
  link: 0o120000,
};

export const statMode = (node: Node): number =>
  (isTerminal(node) ? TYPE_BITS.device : TYPE_BITS[node.kind]) | node.mode;

export const isTerminal = (node: Node): boolean => node.kind === 'stream' && node.isTerminal;

/** Type of a directory entry, as getdents64 tells it. */
export const entryType = (node: Node): number => TYPE_BITS[node.kind] >> 12;

export const isFile = (node: Node): node is FileNode => node.kind === 'file' || node.kind === 'persistent';
