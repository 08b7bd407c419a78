import { type MemoryEvent, memoryEvents } from '../hardware/persistent-memory/events.ts';
import { placeOf, placeText } from '../hardware/persistent-memory/places.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';

const BYTES_SHOWN = 16;

/** One event as a line for people: `#12 store.visible core 0, pool+0x40, data 0100000000000000`. */
export function eventText(state: MemoryState, event: MemoryEvent, index: number): string {
  const values = event as unknown as Readonly<Record<string, unknown>>;
  const parts = Object.entries(memoryEvents[event.kind].fields).flatMap(([name, { type }]) => {
    const value = values[name];
    if (value === undefined) return [];
    if (type === 'address') return [placeText(state, placeOf(state, value as number))];
    if (type === 'u64') return [`${name} 0x${(value as bigint).toString(16)}`];
    if (type === 'bytes') return [`${name} ${shortBytes(value as string)}`];
    if (type === 'flag') return [flagText(name)];
    if (name === 'source') return [firstFrame(value as string)];
    return [`${name} ${String(value)}`];
  });
  const cause = event.cause === undefined ? '' : ` (because of #${event.cause})`;
  return printable(`#${index} ${event.kind} ${parts.join(', ')}${cause}`.trimEnd());
}

/** The first bytes of hexadecimal digits. */
export const shortBytes = (data: string): string =>
  data.length <= 2 * BYTES_SHOWN ? data : `${data.slice(0, 2 * BYTES_SHOWN)}… (${data.length / 2} bytes)`;

/** The innermost stack frame, without its address. */
export const firstFrame = (source: string): string =>
  printable(source.split(';')[0].replace(/^0x[0-9a-fA-F]+:\s*/, ''));

/** A text from a file without what would move the cursor of a terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

const flagText = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
