import { describeAtoms, type WitnessLine } from './atoms.ts';
import { html, type Markup } from './html.ts';

const WIDTH = 26;
const HEIGHT = 20;

/** A line as a row of its atoms. */
export function atomsSvg(line: WitnessLine): Markup {
  const width = line.atoms.length * WIDTH;
  return html`<svg class="atoms" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}"
 role="img" aria-label="${describeAtoms(line)}">
${line.atoms.map(({ durable, isLost }, atom) => atomSvg(atom * WIDTH, durable, isLost))}</svg>`;
}

function atomSvg(x: number, durable: number, isLost: boolean): Markup {
  const state = durable > 0 ? 'durable' : isLost ? 'lost' : 'before';
  const middle = x + WIDTH / 2 - 1;
  const mark = durable > 0 ? `M${x + 2} ${HEIGHT - 3}h${WIDTH - 6}` : `M${middle - 4} 6l8 8m0-8l-8 8`;
  return html`<rect class="${state}" x="${x + 1}" y="1" width="${WIDTH - 4}" height="${HEIGHT - 2}"/>
${durable > 0 && html`<text x="${middle}" y="14">${durable}</text>`}
${isLost && html`<path class="lost" d="${mark}"/>`}`;
}

/** What the squares mean. */
export const atomsLegend = (): Markup =>
  html`<p class="note legend">Each square is 8 bytes:
${sample({ durable: 1, isLost: false })} durable (how many stores to it),
${sample({ durable: 0, isLost: true })} lost although needed,
${sample({ durable: 0, isLost: false })} as it was before.</p>`;

const sample = (atom: WitnessLine['atoms'][number]): Markup =>
  html`<svg class="atoms" width="${WIDTH - 2}" height="${HEIGHT}" aria-hidden="true">${atomSvg(0, atom.durable, atom.isLost)}</svg>`;
