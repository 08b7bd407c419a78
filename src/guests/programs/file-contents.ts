import { SystemError } from './errno.ts';
import { takeRoom } from './file-room.ts';
import type { Kernel } from './kernel.ts';
import type { FileNode, RegularFile } from './nodes.ts';

/** A file in volatile memory does not get larger: it is memory of the host. */
const FILE_BYTES_MAX = 1024 * 1024 * 1024;

/** Reads up to so many bytes: fewer at the end of the file. */
export function readFile(kernel: Kernel, file: FileNode, offset: number, sizeBytes: number): Uint8Array {
  const size = Math.max(0, Math.min(sizeBytes, file.sizeBytes - offset));
  if (file.kind === 'persistent') return kernel.area.read(file.room, offset, size);
  kernel.space.collect(kernel.state.space, file);
  const bytes = file.given === undefined ? file.bytes : givenBytes(kernel, file.given);
  return bytes.slice(offset, offset + size);
}

/** Gives a file bytes of its own, which can be changed. */
export function ownBytes(kernel: Kernel, file: RegularFile): void {
  if (file.given === undefined) return;
  file.bytes = givenBytes(kernel, file.given).slice();
  file.given = undefined;
}

const givenBytes = ({ givenFiles }: Kernel, path: string): Uint8Array =>
  givenFiles.get(path) ?? new Uint8Array(0);

/** Throws ENOSPC and EFBIG. */
export function writeFile(kernel: Kernel, file: FileNode, offset: number, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const end = offset + bytes.length;
  if (file.kind === 'persistent') {
    kernel.area.write(file.room, offset, bytes);
    if (end > file.sizeBytes) resizeFile(kernel, file, end);
  } else {
    const { space } = kernel.state;
    ownBytes(kernel, file);
    kernel.space.collect(space, file);
    if (end > file.sizeBytes) resizeFile(kernel, file, end);
    file.bytes.set(bytes, offset);
    kernel.space.spread(space, file);
  }
  file.changedNs = kernel.nowNs;
}

/** What a file gets beyond its former size is zeros. Throws ENOSPC and EFBIG. */
export function resizeFile(kernel: Kernel, file: FileNode, sizeBytes: number): void {
  if (sizeBytes === file.sizeBytes) return;
  const { space, area } = kernel.state;
  if (file.kind === 'persistent') {
    if (sizeBytes > kernel.area.rooms[file.room].capacityBytes) throw new SystemError('ENOSPC');
    if (sizeBytes < file.sizeBytes) kernel.area.clear(area, file.room, sizeBytes);
    file.sizeBytes = sizeBytes;
    kernel.area.allow(area, file.room, file);
    kernel.resized(file);
  } else {
    if (sizeBytes > FILE_BYTES_MAX) throw new SystemError('EFBIG');
    ownBytes(kernel, file);
    kernel.space.collect(space, file);
    if (sizeBytes < file.sizeBytes) file.bytes.fill(0, sizeBytes, file.sizeBytes);
    else if (sizeBytes > file.bytes.length) {
      const roomBytes = Math.max(sizeBytes, Math.min(2 * file.bytes.length, FILE_BYTES_MAX));
      takeRoom(kernel.state, roomBytes - file.bytes.length);
      const room = new Uint8Array(roomBytes);
      room.set(file.bytes);
      file.bytes = room;
    }
    file.sizeBytes = sizeBytes;
    kernel.space.spread(space, file);
  }
  file.changedNs = kernel.nowNs;
}

/** fsync: what the cache holds of a file on an NVDIMM gets durable. */
export function syncFile(kernel: Kernel, file: FileNode): void {
  if (file.kind === 'file') return;
  const { address } = kernel.area.rooms[file.room];
  kernel.area.sync(kernel.state.area, address, file.sizeBytes);
}
