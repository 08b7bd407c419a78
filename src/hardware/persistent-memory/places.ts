import { InputError } from '../../kernel/errors.ts';
import { fileAt, type MappedFile, type MemoryState, nvdimmAddress } from './state.ts';

/** A place in persistent memory as people know it. */
export interface Place {
  readonly file: string;
  readonly fileOffset: number;
}

/** The file that holds an NVDIMM address, also just behind its end; the name is empty where there is none. */
export function placeOf(state: MemoryState, address: number): Place {
  const found = fileAt(state, address);
  return { file: found?.file.name ?? '', fileOffset: found?.offset ?? address };
}

/** The last component of a path, where no other file has the same; else the whole path. */
export function shortName(files: readonly MappedFile[], name: string): string {
  const last = lastComponent(name);
  return files.some((one) => one.name !== name && lastComponent(one.name) === last) ? name : last;
}

/** `pool+0x1040`. */
export function placeText(state: MemoryState, { file, fileOffset }: Place): string {
  return `${shortName(state.files, file)}+0x${fileOffset.toString(16)}`;
}

/**
 * The NVDIMM address that a text means: `pool+0x40` (file by its path or its last component, offset in hexadecimal with 0x,
 * or decimal), `+0x40` where there is one file, or a number with 0x: a virtual address where something is mapped, else an
 * NVDIMM address as events have it. Throws `InputError`, which says what is mapped.
 */
export function parsePlace(state: MemoryState, text: string): number {
  const { files } = state;
  const number = HEX.test(text) ? BigInt(text) : undefined;
  if (number !== undefined) {
    const address = nvdimmAddress(state, number) ?? Number(number);
    if (Number.isSafeInteger(address) && fileAt(state, address) !== undefined) return address;
    throw new InputError(`nothing is mapped at ${text}; ${mapped(state)}`);
  }
  const plus = text.lastIndexOf('+');
  const offset = text.slice(plus + 1);
  if (plus < 0 || !OFFSET.test(offset)) {
    throw new InputError(
      `${JSON.stringify(text)} is no place: give an address such as 0x1040, or file+offset; ${mapped(state)}`,
    );
  }
  const name = text.slice(0, plus);
  const found = files.filter((one) => one.name === name || lastComponent(one.name) === name);
  const file = name === '' && files.length === 1 ? files[0] : found.length === 1 ? found[0] : undefined;
  if (file === undefined)
    throw new InputError(`${text}: there is no one file of that name; ${mapped(state)}`);
  const fileOffset = Number(offset);
  if (fileOffset < file.sizeBytes) return file.address + fileOffset;
  throw new InputError(`${text} lies behind the end of the file; ${mapped(state)}`);
}

const HEX = /^0x[0-9a-f]{1,16}$/i;
const OFFSET = /^(0x[0-9a-f]{1,13}|\d{1,15})$/i;

const MAX_LISTED = 4;

function mapped({ files, mappings }: MemoryState): string {
  if (mappings.length === 0) return 'no file is mapped yet';
  const listed = mappings.slice(0, MAX_LISTED).map(({ file, base, sizeBytes, fileOffset }) => {
    const end = base + BigInt(sizeBytes);
    const from = `${shortName(files, files[file].name)}+0x${fileOffset.toString(16)}`;
    return `${from} at 0x${base.toString(16)} to 0x${end.toString(16)}`;
  });
  return `mapped: ${listed.join(', ')}${mappings.length > MAX_LISTED ? ', …' : ''}`;
}

const lastComponent = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
