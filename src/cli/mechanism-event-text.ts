import type { AnyEvent, EventTable } from '../kernel/event-table.ts';
import { causeText, fieldText, printable } from './event-text.ts';

/** An event of a mechanism as a line for people: `#12 block.copied block 3, data 0100…`. */
export function mechanismEventText(table: EventTable, event: AnyEvent, index: number): string {
  const values = new Map<string, unknown>(Object.entries(event));
  const parts = Object.entries(table[event.kind]?.fields ?? {}).flatMap(([name, { type }]) => {
    const value = values.get(name);
    return value === undefined ? [] : [fieldText(name, type, value)];
  });
  return printable(`#${index} ${event.kind} ${parts.join(', ')}${causeText(event)}`.trimEnd());
}
