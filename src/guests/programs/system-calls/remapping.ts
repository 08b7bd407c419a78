import { PAGE_BYTES } from '../../../processor/memory.ts';
import type { FileMapping } from '../address-space.ts';
import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { roundedToPages } from '../persistent-area.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { PROTECTIONS, range } from './memory.ts';

const MREMAP_MAYMOVE = 1;
const MREMAP_FIXED = 2;

/** Moving mappings and giving them other sizes. */
export const remappingCalls: SystemCalls = { mremap: remap };

/** Whole pages at an address. */
interface Pages {
  readonly address: number;
  readonly sizeBytes: number;
}

function remap(kernel: Kernel, given: Arguments): number {
  const { memory, space, state, area } = kernel;
  const old = range(given);
  const sizeBytes = roundedToPages(given.size(2));
  const flags = given.flags(3);
  const isFixed = (flags & MREMAP_FIXED) !== 0;
  const mayMove = (flags & MREMAP_MAYMOVE) !== 0;
  if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) !== 0 || (isFixed && !mayMove))
    throw new SystemError('EINVAL');
  if (sizeBytes === 0 || old.sizeBytes === 0) throw new SystemError('EINVAL');
  if (!memory.isMapped(old.address, old.sizeBytes)) throw new SystemError('EFAULT');
  if (area.holds(old.address, old.sizeBytes)) {
    if (isFixed) throw new SystemError('EOPNOTSUPP');
    return resizeInArea(kernel, old, sizeBytes);
  }
  const mapping = mappingOf(kernel, old);
  if (isFixed)
    return moveTo(kernel, mapping, old, { address: fixedAddress(given, old, sizeBytes), sizeBytes });
  if (sizeBytes <= old.sizeBytes) {
    if (sizeBytes < old.sizeBytes)
      space.unmap(state.space, old.address + sizeBytes, old.sizeBytes - sizeBytes);
    return old.address;
  }
  const more = { address: old.address + old.sizeBytes, sizeBytes: sizeBytes - old.sizeBytes };
  const isAtEnd = mapping === undefined || mapping.address + mapping.sizeBytes === more.address;
  if (isAtEnd && space.isFree(more.address, more.sizeBytes)) {
    if (mapping === undefined) memory.map(more.address, more.sizeBytes, rightsAt(kernel, old.address));
    else space.extendFile(state.space, mapping, more.sizeBytes);
    return old.address;
  }
  if (!mayMove) throw new SystemError('ENOMEM');
  return moveTo(kernel, mapping, old, { address: space.find(sizeBytes), sizeBytes });
}

/** The file behind a range. Throws EFAULT where it is behind a part alone, as where there is more than one mapping. */
function mappingOf({ space, state }: Kernel, { address, sizeBytes }: Pages): FileMapping | undefined {
  const mapping = space.mappingAt(state.space, address);
  if (mapping !== undefined) {
    if (address + sizeBytes > mapping.address + mapping.sizeBytes) throw new SystemError('EFAULT');
    return mapping;
  }
  const end = address + sizeBytes;
  if (state.space.mappings.some((other) => other.address >= address && other.address < end)) {
    throw new SystemError('EFAULT');
  }
  return undefined;
}

const rightsAt = ({ memory }: Kernel, address: number): number =>
  memory.attributes[address / PAGE_BYTES] & PROTECTIONS;

/** Throws EINVAL for an address within the old range, and ENOMEM for one that no mapping can have. */
function fixedAddress(given: Arguments, old: Pages, sizeBytes: number): number {
  const wanted = given.address(4);
  if (wanted % BigInt(PAGE_BYTES) !== 0n || wanted + BigInt(sizeBytes) > 1n << 32n)
    throw new SystemError('EINVAL');
  const address = Number(wanted);
  if (address < old.address + old.sizeBytes && old.address < address + sizeBytes)
    throw new SystemError('EINVAL');
  return address;
}

function moveTo(kernel: Kernel, mapping: FileMapping | undefined, old: Pages, to: Pages): number {
  const { memory, space, state } = kernel;
  if (!space.isWithin(to.address, to.sizeBytes)) throw new SystemError('ENOMEM');
  const copiedBytes = Math.min(old.sizeBytes, to.sizeBytes);
  const moved = mapping && {
    ...mapping,
    ...to,
    fileOffset: mapping.fileOffset + old.address - mapping.address,
  };
  if (moved?.isShared === true) {
    space.expectOnce(state.space, moved, mapping);
    // The file has what was stored before it is shown at the other place.
    space.collect(state.space, moved.file);
    space.unmap(state.space, old.address, old.sizeBytes);
  }
  if (moved === undefined)
    space.mapAnonymous(state.space, to.address, to.sizeBytes, rightsAt(kernel, old.address));
  else space.mapFile(state.space, moved);
  if (moved?.isShared === true) return to.address;
  memory.prepareStore(to.address, copiedBytes);
  memory.bytes.copyWithin(to.address, old.address, old.address + copiedBytes);
  space.unmap(state.space, old.address, old.sizeBytes);
  return to.address;
}

/** A file on an NVDIMM stays where it is. Throws ENOMEM beyond its room. */
function resizeInArea(kernel: Kernel, old: Pages, sizeBytes: number): number {
  const { area, state } = kernel;
  const room = area.rooms.findIndex(
    ({ address, capacityBytes }) =>
      old.address >= address && old.address + old.sizeBytes <= address + roundedToPages(capacityBytes),
  );
  const file = state.roomFiles[room];
  if (file === undefined) throw new SystemError('EFAULT');
  const offset = old.address - area.rooms[room].address;
  if (sizeBytes <= old.sizeBytes) {
    area.unmap(state.area, old.address + sizeBytes, old.sizeBytes - sizeBytes);
    return old.address;
  }
  const more = { offset: offset + old.sizeBytes, sizeBytes: sizeBytes - old.sizeBytes };
  const capacityBytes = roundedToPages(area.rooms[room].capacityBytes);
  if (more.offset + more.sizeBytes > capacityBytes) throw new SystemError('ENOMEM');
  const address = area.map(state.area, room, file, more, area.rightsAt(state.area, old.address));
  kernel.drain();
  kernel.hooks.persistentMapped?.({
    path: area.rooms[room].path,
    address,
    sizeBytes: more.sizeBytes,
    fileOffset: more.offset,
  });
  return old.address;
}
