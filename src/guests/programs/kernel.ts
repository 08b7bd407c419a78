import { Draws } from '../../kernel/draw.ts';
import { InputError } from '../../kernel/errors.ts';
import type { GuestMemory } from '../../processor/memory.ts';
import type { Processor } from '../../processor/processor.ts';
import { AddressSpace, type SpaceState } from './address-space.ts';
import { BASELINE_FEATURES } from './cpuid.ts';
import { SystemError } from './errno.ts';
import { type FileRoom, makeRoom } from './file-room.ts';
import {
  attach,
  existing,
  type FileTree,
  makeTree,
  newInode,
  type Place,
  pathIn,
  resolve,
  takeName,
} from './file-tree.ts';
import type { ProcessEnd, ProcessHooks } from './guest-process.ts';
import { addInitialFiles, makePlace } from './initial-files.ts';
import { loadProgram } from './loader.ts';
import type { Descriptor, Directory, Node, OpenFile, PersistentFile, Stream } from './nodes.ts';
import { type AreaState, PersistentArea } from './persistent-area.ts';
import type { ProgramSpec } from './program-spec.ts';
import { makeSignals, type SignalState } from './signal-state.ts';
import { makeTimers, type TimerState } from './timer-state.ts';
import { UserMemory } from './user-memory.ts';

/** Virtual time at which every program starts: 2024-01-01 00:00:00 UTC. */
const EPOCH_NS = 1_704_067_200_000_000_000n;
/** No clock comes to where it would not fit its 64 bits: who sleeps for longer sleeps up to here (KTIME_MAX of Linux). */
export const SLEPT_NS_MAX = 2n ** 63n - 1n;
/** Virtual time that passes with an instruction. */
const INSTRUCTION_NS = 1n;

export const DESCRIPTORS_MAX = 1024;
const RANDOM_BYTES_MAX = 1024 * 1024;

/** All that the emulated kernel remembers, as plain data: a snapshot is a structured clone. */
export interface KernelState {
  readonly tree: FileTree;
  workingDirectory: Directory;
  readonly fileRoom: FileRoom;
  readonly descriptors: Map<number, Descriptor>;
  readonly space: SpaceState;
  readonly area: AreaState;
  /** The file in each room of the NVDIMM. */
  readonly roomFiles: (PersistentFile | undefined)[];
  readonly signals: SignalState;
  readonly timers: TimerState;
  /** What was slept, beyond what instructions took. */
  sleptNs: bigint;
  /** Bytes read of the specification's standard input. */
  inputPosition: number;
  /** Random numbers drawn. */
  draws: number;
  fileModeMask: number;
  systemCalls: number;
  readonly unknownSystemCalls: Map<string, number>;
  end: ProcessEnd | undefined;
}

/** Thrown to end the process in the middle of a system call. */
export class Ended extends Error {
  override name = 'Ended';
  constructor(readonly end: ProcessEnd) {
    super(end.why);
  }
}

/** Thrown when a system call is about to look at a file on an NVDIMM and a pause was asked for. */
export class Paused extends Error {
  override name = 'Paused';
}

/** What system calls work on: the processor, memory, files and time of one process. */
export class Kernel {
  readonly memory: GuestMemory;
  readonly user: UserMemory;
  readonly area: PersistentArea;
  readonly space: AddressSpace;
  state: KernelState;
  /** Files of the specification, by path; never changed. */
  readonly givenFiles: ReadonlyMap<string, Uint8Array>;
  /** Whether to pause before a file on an NVDIMM is looked at. */
  pausesAtPersistentFile = false;

  /** Throws `InputError` when the program cannot be loaded. */
  constructor(
    readonly processor: Processor,
    readonly spec: ProgramSpec,
    readonly hooks: ProcessHooks,
  ) {
    this.memory = processor.memory;
    this.user = new UserMemory(processor);
    this.givenFiles = new Map([[spec.path, spec.executable], ...spec.files]);
    const random = randomBytes(spec.seed, 0, 16);
    const { breakStart, mappingsTop } = loadProgram(processor, spec, BASELINE_FEATURES, random);
    this.space = new AddressSpace(this.memory, mappingsTop);
    this.area = new PersistentArea(processor, spec.memoryBytes, spec.persistentFiles);
    const tree = makeTree(EPOCH_NS, this.area.rooms.length);
    this.state = {
      tree,
      workingDirectory: tree.root,
      fileRoom: makeRoom(),
      descriptors: new Map(),
      space: { breakStart, break: breakStart, mappings: [] },
      area: this.area.makeState(),
      roomFiles: this.area.rooms.map(() => undefined),
      signals: makeSignals(),
      timers: makeTimers(),
      sleptNs: 0n,
      inputPosition: 0,
      draws: random.length / 4,
      fileModeMask: 0o022,
      systemCalls: 0,
      unknownSystemCalls: new Map(),
      end: undefined,
    };
    addInitialFiles(tree, { files: this.givenFiles, program: spec.path }, EPOCH_NS);
    this.checkRooms();
    for (const [room, { path }] of this.area.rooms.entries())
      this.setPersistentFile(room, spec.persistentFiles.get(path)?.contents);
    this.makeStreams();
  }

  /** Virtual time, in nanoseconds since 1970. */
  get nowNs(): bigint {
    return EPOCH_NS + this.sinceStartNs;
  }

  get sinceStartNs(): bigint {
    return this.executedNs + this.state.sleptNs;
  }

  /** Virtual time for which the process was executed, sleep left out. */
  get executedNs(): bigint {
    return BigInt(this.processor.instructions) * INSTRUCTION_NS;
  }

  /** How many instructions are executed, in all, when so much more time has passed. */
  instructionsAfter(ns: bigint): number {
    return this.processor.instructions + Number((ns + INSTRUCTION_NS - 1n) / INSTRUCTION_NS);
  }

  /** At most a mebibyte: more is given in several reads. */
  random(wantedBytes: number): Uint8Array {
    const sizeBytes = Math.min(wantedBytes, RANDOM_BYTES_MAX);
    const bytes = randomBytes(this.spec.seed, this.state.draws, sizeBytes);
    this.state.draws += Math.ceil(sizeBytes / 4);
    this.hooks.told?.({ what: 'random', bytes });
    return bytes;
  }

  /** Where a path leads. Pauses when a file on an NVDIMM is or can be there. */
  place(from: Directory, path: string, followsLast = true): Place {
    const place = resolve(this.state.tree, from, path, followsLast);
    if (this.pausesAtPersistentFile && this.leadsToArea(place)) throw new Paused();
    return place;
  }

  /** Like `place`, of something that exists. */
  node(from: Directory, path: string, followsLast = true): Node {
    return existing(this.place(from, path, followsLast));
  }

  /** Throws EBADF. */
  open(descriptor: number): OpenFile {
    const found = this.state.descriptors.get(descriptor);
    if (found === undefined) throw new SystemError('EBADF');
    return found.open;
  }

  /** The lowest free descriptor from a number on. Throws EMFILE. */
  freeDescriptor(from = 0): number {
    if (this.state.descriptors.size >= DESCRIPTORS_MAX) throw new SystemError('EMFILE');
    for (let descriptor = from; descriptor < DESCRIPTORS_MAX; descriptor++) {
      if (!this.state.descriptors.has(descriptor)) return descriptor;
    }
    throw new SystemError('EMFILE');
  }

  addDescriptor(open: OpenFile, closesOnExec: boolean, from = 0): number {
    const descriptor = this.freeDescriptor(from);
    open.references++;
    this.state.descriptors.set(descriptor, { open, closesOnExec });
    return descriptor;
  }

  closeDescriptor(descriptor: number): void {
    const open = this.open(descriptor);
    this.state.descriptors.delete(descriptor);
    if (--open.references > 0 || open.node.kind !== 'pipe') return;
    if ((open.flags & 3) === 0) open.node.readers--;
    else open.node.writers--;
  }

  /** Tells the observer what happened so far, before it is told something else. */
  drain(): void {
    this.processor.operations.drain();
  }

  /** A file on an NVDIMM came to be, got another size, or lost its name. */
  resized({ room, links, sizeBytes }: PersistentFile): void {
    this.drain();
    this.hooks.persistentResized?.(this.area.rooms[room].path, links > 0 ? sizeBytes : undefined);
  }

  /** Makes the file of a room, empty. Throws ENOSPC when the room is taken, by a file that was renamed or is still open. */
  makePersistentFile(place: Place, name: string, room: number, mode: number): PersistentFile {
    const { tree, roomFiles, area } = this.state;
    if (this.isInUse(roomFiles[room])) throw new SystemError('ENOSPC');
    const file = newPersistentFile(tree, room, { mode, sizeBytes: 0, changedNs: this.nowNs });
    this.area.clear(area, room, 0);
    roomFiles[room] = file;
    attach(place.directory, name, file, this.nowNs);
    this.resized(file);
    return file;
  }

  /** The room that belongs to a name in a directory. */
  roomAt({ directory, name }: Place): number | undefined {
    return name === undefined ? undefined : this.area.roomOf(pathIn(this.state.tree, directory, name));
  }

  /** Whether a file still has a name, or is open or mapped without one. */
  private isInUse(file: PersistentFile | undefined): boolean {
    if (file === undefined) return false;
    const { descriptors, area } = this.state;
    return (
      file.links > 0 ||
      [...descriptors.values()].some(({ open }) => open.node === file) ||
      this.area.isRoomMapped(area, file.room)
    );
  }

  private leadsToArea(place: Place): boolean {
    return place.node?.kind === 'persistent' || this.roomAt(place) !== undefined;
  }

  /** Makes the directories of the rooms. Throws `InputError` where something else has the path of one. */
  private checkRooms(): void {
    const { rooms } = this.area;
    const places = rooms.map(({ path }) => makePlace(this.state.tree, path, EPOCH_NS));
    const taken = places.findIndex(({ directory, name }) => directory.entries.has(name));
    if (taken < 0) return;
    throw new InputError(
      `${rooms[taken].path}: is on persistent memory, and something else has the same path; give one of them another`,
    );
  }

  /** Puts a file into its room, or takes it away, without anybody being told. */
  setPersistentFile(room: number, contents: Uint8Array | undefined): void {
    const { tree, roomFiles, area } = this.state;
    const { path } = this.area.rooms[room];
    const { directory, name } = makePlace(tree, path, EPOCH_NS);
    const file = roomFiles[room];
    this.area.put(room, contents ?? new Uint8Array(0), file?.sizeBytes ?? 0);
    if (contents === undefined) {
      directory.entries.delete(name);
      roomFiles[room] = undefined;
    } else if (file === undefined) {
      const made = newPersistentFile(tree, room, {
        mode: 0o644,
        sizeBytes: contents.length,
        changedNs: EPOCH_NS,
      });
      roomFiles[room] = made;
      attach(directory, name, made, EPOCH_NS);
    } else {
      file.sizeBytes = contents.length;
      this.area.allow(area, room, file);
    }
  }

  private makeStreams(): void {
    for (const stream of [0, 1, 2] as const) {
      const isTerminal = this.spec.terminals.includes(stream);
      const inode = newInode(this.state.tree, 0o600, EPOCH_NS);
      const node: Stream = { kind: 'stream', ...inode, stream, isTerminal };
      const flags = stream === 0 ? 0 : 1;
      this.addDescriptor({ node, flags, offset: 0, names: undefined, references: 0 }, false);
    }
  }
}

/** Inode of the file in the first room. */
const FIRST_ROOM_INODE = 2;

/** A file without a name yet. Its inode goes with its room: it is the same file behind a crash, whenever it is put there. */
function newPersistentFile(
  tree: FileTree,
  room: number,
  given: Pick<PersistentFile, 'mode' | 'sizeBytes' | 'changedNs'>,
): PersistentFile {
  takeName(tree);
  return { kind: 'persistent', inode: FIRST_ROOM_INODE + room, links: 0, room, ...given };
}

function randomBytes(seed: bigint, index: number, sizeBytes: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4));
  for (let word = 0; word < words.length; word++) {
    words[word] = new Draws(seed, 'program', index + word).bits();
  }
  return new Uint8Array(words.buffer, 0, sizeBytes);
}
