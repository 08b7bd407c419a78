import { IllegalEvent } from '../../kernel/errors.ts';
import { FILE_SPACE_BYTES } from './configuration.ts';
import type { MemoryEventOf } from './events.ts';
import type { MemoryState } from './state.ts';

/** Maps a part of a file, and gives the file its NVDIMM address space when it is seen for the first time. */
export function mapFile(state: MemoryState, event: MemoryEventOf<'file.mapped'>): void {
  const { file: name, base, sizeBytes, fileOffset } = event;
  if (sizeBytes === 0) throw new IllegalEvent(event.kind, 'a mapping has one byte or more');
  if (fileOffset + sizeBytes > FILE_SPACE_BYTES) {
    throw new IllegalEvent(event.kind, `a file has at most ${FILE_SPACE_BYTES} bytes`);
  }
  let file = state.files.findIndex((one) => one.name === name);
  if (file < 0) {
    if (state.files.length >= 4096) throw new IllegalEvent(event.kind, 'there are 4,096 files at most');
    file = state.files.length;
    state.files.push({ name, address: file * FILE_SPACE_BYTES, sizeBytes: 0 });
  }
  state.files[file].sizeBytes = Math.max(state.files[file].sizeBytes, fileOffset + sizeBytes);
  state.mappings.push({ file, base, sizeBytes, fileOffset });
}
