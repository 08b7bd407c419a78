import { PAGE_BYTES } from '../../../processor/memory.ts';
import { rightsOf } from '../address-space.ts';
import { SystemError } from '../errno.ts';
import { ownBytes, readFile } from '../file-contents.ts';
import type { Kernel } from '../kernel.ts';
import type { OpenFile } from '../nodes.ts';
import { roundedToPages } from '../persistent-area.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { O_ACCMODE, O_RDWR, O_WRONLY } from './transfer.ts';

const PROT_WRITE = 2;
export const PROTECTIONS = 7;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_SHARED_VALIDATE = 3;
const MAP_TYPE = 15;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_FIXED_NOREPLACE = 0x100000;
const MADV_DONTNEED = 4;
const MS_ASYNC = 1;
const MS_SYNC = 4;

export const memoryCalls: SystemCalls = {
  brk: ({ space, state }, given) => space.setBreak(state.space, given.address(0)),
  mmap: map,
  munmap: (kernel, given) => {
    const { address, sizeBytes } = range(given);
    if (sizeBytes === 0) throw new SystemError('EINVAL');
    unmap(kernel, address, sizeBytes);
    return 0;
  },
  mprotect: (kernel, given) => {
    const { address, sizeBytes } = range(given);
    const protection = given.flags(2);
    if ((protection & ~PROTECTIONS) !== 0) throw new SystemError('EINVAL');
    if (sizeBytes > 0) protect(kernel, address, sizeBytes, rightsOf(protection));
    return 0;
  },
  madvise: (kernel, given) => {
    const { address, sizeBytes } = range(given);
    if (!kernel.memory.isMapped(address, sizeBytes)) throw new SystemError('ENOMEM');
    if (given.int(2) === MADV_DONTNEED) forget(kernel, address, sizeBytes);
    return 0;
  },
  msync: (kernel, given) => {
    const { address, sizeBytes } = range(given);
    const flags = given.flags(2);
    if ((flags & ~7) !== 0 || (flags & (MS_ASYNC | MS_SYNC)) === (MS_ASYNC | MS_SYNC))
      throw new SystemError('EINVAL');
    if (!kernel.memory.isMapped(address, sizeBytes)) throw new SystemError('ENOMEM');
    const isPersistent = kernel.area.holds(address, sizeBytes);
    if ((flags & MS_SYNC) !== 0 && isPersistent) kernel.area.sync(kernel.state.area, address, sizeBytes);
    return 0;
  },
  mlock: () => 0,
  mlock2: () => 0,
  munlock: () => 0,
  mlockall: () => 0,
  munlockall: () => 0,
  mincore: (kernel, given) => {
    const { address, sizeBytes } = range(given);
    if (!kernel.memory.isMapped(address, sizeBytes)) throw new SystemError('ENOMEM');
    kernel.user.write(given.address(2), new Uint8Array(sizeBytes / PAGE_BYTES).fill(1));
    return 0;
  },
};

/** A range of pages from the first two arguments. Throws EINVAL, and ENOMEM beyond all memory. */
export function range(given: Arguments): { address: number; sizeBytes: number } {
  const address = given.address(0);
  const sizeBytes = roundedToPages(given.size(1));
  if (address % BigInt(PAGE_BYTES) !== 0n) throw new SystemError('EINVAL');
  if (address + BigInt(sizeBytes) > 1n << 32n) throw new SystemError('ENOMEM');
  return { address: Number(address), sizeBytes };
}

function map(kernel: Kernel, given: Arguments): number {
  const [protection, flags] = [given.flags(2), given.flags(3)];
  const sizeBytes = roundedToPages(given.size(1));
  const type = flags & MAP_TYPE;
  const isShared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE;
  if (sizeBytes === 0 || (!isShared && type !== MAP_PRIVATE)) throw new SystemError('EINVAL');
  if ((flags & MAP_ANONYMOUS) !== 0) {
    const address = addressFor(kernel, given, flags, sizeBytes);
    kernel.space.mapAnonymous(kernel.state.space, address, sizeBytes, rightsOf(protection));
    return address;
  }
  const open = kernel.open(given.int(4));
  const offset = given.offset(5);
  if (offset < 0 || offset % PAGE_BYTES !== 0) throw new SystemError('EINVAL');
  checkAccess(open, isShared, protection);
  const rights = rightsOf(protection);
  const { node } = open;
  switch (node.kind) {
    case 'file': {
      const address = addressFor(kernel, given, flags, sizeBytes);
      const mapping = { address, sizeBytes, file: node, fileOffset: offset, isShared, rights };
      ownBytes(kernel, node);
      kernel.space.collect(kernel.state.space, node);
      kernel.space.mapFile(kernel.state.space, mapping);
      return address;
    }
    case 'persistent': {
      if (!isShared) {
        const address = addressFor(kernel, given, flags, sizeBytes);
        kernel.space.mapAnonymous(kernel.state.space, address, sizeBytes, rights);
        kernel.memory.bytes.set(readFile(kernel, node, offset, sizeBytes), address);
        return address;
      }
      const room = kernel.area.rooms[node.room];
      const isElsewhere = given.address(0) !== BigInt(room.address + offset);
      if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0 && isElsewhere)
        throw new SystemError('EOPNOTSUPP');
      const address = kernel.area.map(kernel.state.area, node.room, node, { offset, sizeBytes }, rights);
      kernel.drain();
      kernel.hooks.persistentMapped?.({ path: room.path, address, sizeBytes, fileOffset: offset });
      return address;
    }
    case 'device':
      if (node.device === 'zero') {
        const address = addressFor(kernel, given, flags, sizeBytes);
        kernel.space.mapAnonymous(kernel.state.space, address, sizeBytes, rights);
        return address;
      }
      throw new SystemError('ENODEV');
    default:
      throw new SystemError('ENODEV');
  }
}

function checkAccess({ flags }: OpenFile, isShared: boolean, protection: number): void {
  const access = flags & O_ACCMODE;
  const isWritten = isShared && (protection & PROT_WRITE) !== 0;
  if (access === O_WRONLY || (isWritten && access !== O_RDWR)) throw new SystemError('EACCES');
}

/** Where a mapping in volatile memory goes. */
function addressFor({ space }: Kernel, given: Arguments, flags: number, sizeBytes: number): number {
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) === 0) return space.find(sizeBytes);
  const { address } = range(given);
  if (!space.isWithin(address, sizeBytes)) throw new SystemError('ENOMEM');
  if ((flags & MAP_FIXED_NOREPLACE) !== 0 && !space.isFree(address, sizeBytes))
    throw new SystemError('EEXIST');
  return address;
}

function unmap(kernel: Kernel, address: number, sizeBytes: number): void {
  const { state, area, space } = kernel;
  const volatileBytes = Math.max(0, Math.min(sizeBytes, area.address - address));
  if (volatileBytes > 0) space.unmap(state.space, address, volatileBytes);
  if (area.holds(address, sizeBytes)) area.unmap(state.area, address, sizeBytes);
}

function protect(kernel: Kernel, address: number, sizeBytes: number, rights: number): void {
  const { state, area, space } = kernel;
  if (!area.holds(address, sizeBytes)) {
    space.protect(state.space, address, sizeBytes, rights);
    return;
  }
  if (address < area.address) throw new SystemError('ENOMEM');
  area.protect(state.area, address, sizeBytes, rights);
  for (const file of state.roomFiles) if (file !== undefined) area.allow(state.area, file.room, file);
}

/** MADV_DONTNEED: anonymous pages read as zeros from now on, those of a file as the file. */
function forget(kernel: Kernel, address: number, sizeBytes: number): void {
  if (kernel.area.holds(address, sizeBytes)) return;
  const { memory, space, state } = kernel;
  const end = address + sizeBytes;
  for (let page = address; page < end; page += PAGE_BYTES) {
    const mapping = space.mappingAt(state.space, page);
    if (mapping?.isShared) continue;
    memory.prepareStore(page, PAGE_BYTES);
    memory.bytes.fill(0, page, page + PAGE_BYTES);
    if (mapping === undefined) continue;
    const { file, fileOffset } = mapping;
    memory.bytes.set(readFile(kernel, file, fileOffset + page - mapping.address, PAGE_BYTES), page);
  }
}
