import { InputError } from '../../kernel/errors.ts';
import { type Place, parsePlace, placeOf } from './places.ts';
import { fileAt, type MemoryState, mediaOf } from './state.ts';

/** A stretch of memory as loads see it, as the persistence domain has it, and as the media have it: hexadecimal digits. */
export interface MemoryView extends Place {
  readonly sizeBytes: number;
  readonly visible: string;
  readonly domain: string;
  readonly media: string;
}

const VIEW_BYTES_MAX = 1 << 20;

/** Looks at the line that holds a place. Throws `InputError` for a place that is not mapped. */
export function viewLine(state: MemoryState, text: string): MemoryView {
  const address = parsePlace(state, text);
  const { lineBytes } = state.configuration;
  return view(state, address - (address % lineBytes), lineBytes);
}

/** Looks at `ADDRESS:LENGTH`, the length decimal or hexadecimal with 0x, up to the end of the file. */
export function viewBytes(state: MemoryState, text: string): MemoryView {
  const colon = text.lastIndexOf(':');
  const length = text.slice(colon + 1);
  const sizeBytes = /^(0x[0-9a-f]+|\d+)$/i.test(length) ? Number(length) : Number.NaN;
  if (colon < 0 || !(sizeBytes >= 1 && sizeBytes <= VIEW_BYTES_MAX)) {
    throw new InputError(`${JSON.stringify(text)} must be ADDRESS:LENGTH, with 1 to ${VIEW_BYTES_MAX} bytes`);
  }
  return view(state, parsePlace(state, text.slice(0, colon)), sizeBytes);
}

function view(state: MemoryState, address: number, wantedBytes: number): MemoryView {
  const found = fileAt(state, address);
  const sizeBytes = Math.min(wantedBytes, (found?.file.sizeBytes ?? 0) - (found?.offset ?? 0));
  const read = (memory: MemoryState['visible']): string => hexOf(memory.read(address, sizeBytes));
  const { visible, domain } = state;
  return {
    ...placeOf(state, address),
    sizeBytes,
    visible: read(visible),
    domain: read(domain),
    media: read(mediaOf(state)),
  };
}

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
