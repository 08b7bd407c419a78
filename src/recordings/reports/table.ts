import { type Fragment, html, type Markup } from './html.ts';

/** A column: its heading, and how its cells look. */
export interface Column {
  readonly name: string;
  readonly kind?: 'number' | 'code' | 'place' | 'cell' | 'term' | 'prose';
  /** Only where the page's script runs, with a heading that nobody sees. */
  readonly isScripted?: boolean;
}

/** A table that scrolls sideways where the page is too narrow for it. */
export function table(
  caption: Fragment,
  columns: readonly Column[],
  rows: readonly (readonly Fragment[])[],
): Markup {
  return html`<div class="scroll"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>
${rows.map((cells) => html`<tr>${cells.map((cell, i) => html`<td${attributes(columns[i])}>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

const heading = (column: Column): Markup =>
  html`<th scope="col"${attributes(column)}>${column.isScripted ? html`<span class="unseen">${column.name}</span>` : column.name}</th>`;

const CLASSES = {
  number: 'n',
  code: 'code',
  place: 'code place',
  cell: 'cell',
  term: 'term',
  prose: 'prose',
};

function attributes({ kind, isScripted }: Column): Markup | undefined {
  if (isScripted) return html` class="scripted" hidden`;
  return kind && html` class="${CLASSES[kind]}"`;
}
