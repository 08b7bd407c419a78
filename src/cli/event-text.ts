import { type MemoryEvent, memoryEvents } from '../hardware/persistent-memory/events.ts';
import { placeOf, placeText } from '../hardware/persistent-memory/places.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import type { AnyEvent, Field } from '../kernel/event-table.ts';

const BYTES_SHOWN = 16;

/** One event as a line for people: `#12 store.visible core 0, pool+0x40, data 0100000000000000`. */
export function eventText(state: MemoryState, event: MemoryEvent, index: number): string {
  const values = event as unknown as Readonly<Record<string, unknown>>;
  const parts = Object.entries(memoryEvents[event.kind].fields).flatMap(([name, { type }]) => {
    const value = values[name];
    if (value === undefined) return [];
    if (type === 'address') return [placeText(state, placeOf(state, value as number))];
    if (name === 'source') return [firstFrame(value as string)];
    return [fieldText(name, type, value)];
  });
  return printable(`#${index} ${event.kind} ${parts.join(', ')}${causeText(event)}`.trimEnd());
}

/** A field of an event, whatever the machine. */
export function fieldText(name: string, type: Field['type'], value: unknown): string {
  if (type === 'u64' || type === 'address') return `${name} 0x${(value as bigint | number).toString(16)}`;
  if (type === 'bytes') return `${name} ${shortBytes(value as string)}`;
  if (type === 'flag') return flagText(name);
  return `${name} ${String(value)}`;
}

/** Which event led to this one, where that is said. */
export const causeText = ({ cause }: AnyEvent): string =>
  cause === undefined ? '' : ` (because of #${cause})`;

/** The first bytes of hexadecimal digits. */
export const shortBytes = (data: string): string =>
  data.length <= 2 * BYTES_SHOWN ? data : `${data.slice(0, 2 * BYTES_SHOWN)}… (${data.length / 2} bytes)`;

/** The innermost stack frame, without its address. */
export const firstFrame = (source: string): string =>
  printable(source.split(';')[0].replace(/^0x[0-9a-fA-F]+:\s*/, ''));

/** A text from a file without what would move the cursor of a terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

const flagText = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
