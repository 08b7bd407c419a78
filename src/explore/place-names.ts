import { FILE_SPACE_BYTES } from '../hardware/persistent-memory/configuration.ts';
import { shortName } from '../hardware/persistent-memory/places.ts';
import type { PlacedOperation } from './surviving-pieces.ts';

/** An NVDIMM address as people know it, by the files that a run maps: `pool+0x40`; the address itself where no file has it. */
export function placeName(address: number, operations: readonly PlacedOperation[]): string {
  const names = new Set<string>();
  for (const { operation } of operations) if (operation.type === 'map') names.add(operation.file);
  const files = [...names].map((name, index) => ({ name, address: index * FILE_SPACE_BYTES, sizeBytes: 0 }));
  const file = files[Math.floor(address / FILE_SPACE_BYTES)];
  const offset = file === undefined ? address : address - file.address;
  const hexadecimal = `0x${offset.toString(16)}`;
  return file === undefined ? hexadecimal : `${shortName(files, file.name)}+${hexadecimal}`;
}
