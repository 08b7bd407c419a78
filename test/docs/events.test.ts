import { expect, it } from 'vitest';
import { memoryEvents } from '../../src/hardware/persistent-memory/events.ts';
import type { EventTable } from '../../src/kernel/event-table.ts';
import { allMechanisms } from '../../src/mechanisms/all.ts';
import type { Mechanism } from '../../src/mechanisms/mechanism.ts';

/* The pages that docs/events.md and docs/mechanism-events.md must be; `npx vitest run test/docs -u` writes them. */

/** A section for each kind of event; `level` is that of its heading. */
function sectionsOf(table: EventTable, level: string): string[] {
  return Object.entries(table).map(([kind, { meaning, since, fields }]) => {
    const rows = Object.entries(fields).map(([name, field]) => {
      const type =
        field.type === 'choice' ? (field.choices ?? []).map((one) => `\`${one}\``).join(', ') : field.type;
      return `| \`${name}\` | ${type}${field.optional ? ', may be absent' : ''} | ${field.meaning} |`;
    });
    const fieldTable =
      rows.length === 0
        ? 'No fields.'
        : ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
    return `${level} ${kind}\n\n${meaning} Since model version ${since}.\n\n${fieldTable}\n`;
  });
}

const page = (table: EventTable): string =>
  [
    '# Events of the persistent-memory machine',
    '',
    'Derived from `src/hardware/persistent-memory/events.ts`. In a recording each is one line, `{"index":12,"kind":"store.visible",…}`: a `count` is',
    'a number, an `address` or `u64` a `0x` string, `bytes` are hexadecimal digits in memory order, a `flag` is `true` or absent.',
    'Any event may carry `cause`, the index of the event that led to it.',
    '',
    ...sectionsOf(table, '##'),
  ].join('\n');

/** Of kinds that mechanisms share, the section stands once, at the first of them; the others name it. */
function mechanismsPage(mechanisms: readonly Mechanism[]): string {
  const known = new Map<string, string>();
  const parts = mechanisms.flatMap(({ name, title, events }) => {
    const sections = sectionsOf(events, '###');
    const kinds = Object.keys(events);
    const own = sections.filter((section) => !known.has(section));
    const shared = kinds.filter((_, at) => known.has(sections[at]));
    const homes = [...new Set(shared.map((kind) => known.get(sections[kinds.indexOf(kind)])))];
    for (const section of own) known.set(section, name);
    const said = shared.map((kind) => `\`${kind}\``).join(', ');
    return [
      `## ${name}, ${title}`,
      '',
      ...(shared.length === 0 ? [] : [`As of ${homes.join(', ')}: ${said}.`, '']),
      ...own,
    ];
  });
  return [
    '# Events of the mechanisms',
    '',
    'Derived from the event table of each mechanism; `tearline list NAME --events` prints it. In a recording each event is one line, in the',
    'form that [events.md](events.md) describes.',
    '',
    ...parts,
  ].join('\n');
}

it('docs/events.md says what the event table says', async () => {
  await expect(page(memoryEvents)).toMatchFileSnapshot('../../docs/events.md');
});

it('docs/mechanism-events.md says what the event tables of the mechanisms say', async () => {
  await expect(mechanismsPage(allMechanisms)).toMatchFileSnapshot('../../docs/mechanism-events.md');
});
