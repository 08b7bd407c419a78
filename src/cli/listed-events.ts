import type { EventDeclaration, EventTable } from '../kernel/event-table.ts';

/** The kinds of events of a table, for `list --events`. */
export const kindsOf = (table: EventTable) =>
  Object.entries(table).map(([kind, { meaning, since, fields }]: [string, EventDeclaration]) => ({
    kind,
    meaning,
    since,
    fields: Object.entries(fields).map(([name, { type, meaning: of, optional, choices }]) => {
      return { name, type, meaning: of, optional, choices: choices ?? null };
    }),
  }));

export const kindsText = (kinds: ReturnType<typeof kindsOf>): string[] =>
  kinds.flatMap(({ kind, meaning, since, fields }) => [
    `${kind}  (since version ${since})`,
    `  ${meaning}`,
    ...fields.map(({ name, type, meaning: of, optional, choices }) => {
      return `    ${name}: ${choices?.join(' | ') ?? type}${optional ? ', optional' : ''}  ${of}`;
    }),
  ]);
