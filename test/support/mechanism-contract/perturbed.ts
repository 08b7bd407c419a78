import type { Draws } from '../../../src/kernel/draw.ts';
import type { AnyEvent, EventTable } from '../../../src/kernel/event-table.ts';

const FAR = 2 ** 40;

/** An event of the table that is nearly this one: one of its fields holds something else. */
export function perturbed(table: EventTable, event: AnyEvent, draws: Draws): AnyEvent {
  const fields = Object.entries(table[event.kind].fields).filter(([name]) => name in event);
  if (fields.length === 0) return event;
  const [name, { type, choices = [] }] = fields[draws.below(fields.length)];
  const value: unknown = Object.entries(event).find(([key]) => key === name)?.[1];
  const other = (): unknown => {
    switch (type) {
      case 'count':
      case 'address':
        return [0, Number(value) + 1, FAR][draws.below(3)];
      case 'u64':
        return [0n, 1n, 2n ** 63n][draws.below(3)];
      case 'bytes':
        return ['', String(value).slice(2), 'ee'.repeat(String(value).length / 2)][draws.below(3)];
      case 'text':
        return `${String(value)}?`;
      case 'choice':
        return choices[draws.below(choices.length)];
      case 'flag':
        return undefined;
    }
  };
  const { [name as keyof AnyEvent]: _, ...rest } = event;
  const replaced = other();
  return (replaced === undefined ? rest : { ...rest, [name]: replaced }) as AnyEvent;
}
