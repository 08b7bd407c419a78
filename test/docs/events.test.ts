import { expect, it } from 'vitest';
import { memoryEvents } from '../../src/hardware/persistent-memory/events.ts';
import type { EventTable } from '../../src/kernel/event-table.ts';

/** The page that docs/events.md must be; `npx vitest run test/docs -u` writes it. */
function page(table: EventTable): string {
  const sections = Object.entries(table).map(([kind, { meaning, since, fields }]) => {
    const rows = Object.entries(fields).map(([name, field]) => {
      const type =
        field.type === 'choice' ? (field.choices ?? []).map((one) => `\`${one}\``).join(', ') : field.type;
      return `| \`${name}\` | ${type}${field.optional ? ', may be absent' : ''} | ${field.meaning} |`;
    });
    const fieldTable =
      rows.length === 0
        ? 'No fields.'
        : ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
    return `## ${kind}\n\n${meaning} Since model version ${since}.\n\n${fieldTable}\n`;
  });
  return [
    '# Events of the persistent-memory machine',
    '',
    'Derived from `src/hardware/persistent-memory/events.ts`. In a recording each is one line, `{"index":12,"kind":"store.visible",…}`: a `count` is',
    'a number, an `address` or `u64` a `0x` string, `bytes` are hexadecimal digits in memory order, a `flag` is `true` or absent.',
    'Any event may carry `cause`, the index of the event that led to it.',
    '',
    ...sections,
  ].join('\n');
}

it('docs/events.md says what the event table says', async () => {
  await expect(page(memoryEvents)).toMatchFileSnapshot('../../docs/events.md');
});
