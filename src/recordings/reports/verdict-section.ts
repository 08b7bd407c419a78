import type { CampaignReport, Outcome } from '../../explore/campaign-report.ts';
import { clip, count, fileName, plural } from './format.ts';
import { html, Markup } from './html.ts';

/** The outcome as a word, and the whole verdict as one sentence. */
export function verdictOf(report: CampaignReport): { word: string; sentence: string } {
  const { distinct, checked, consistent, violating, undecided } = report.images;
  const open = report.incomplete === null ? '' : ' Not every image was visited, so there may be more.';
  switch (report.outcome) {
    case 'violating': {
      const causes = `${report.groups.length === 1 ? 'one cause' : plural(report.groups.length, 'cause')}`;
      return {
        word: 'Violating',
        sentence: `${count(violating)} of ${plural(checked, 'crash image')} ${violating === 1 ? 'breaks' : 'break'} the checker, from ${causes}.${open}`,
      };
    }
    case 'interrupted':
      return {
        word: 'Interrupted',
        sentence: `The campaign was stopped early; none of the ${plural(checked, 'crash image')} checked so far is violating.`,
      };
    case 'undecided':
      return {
        word: 'Undecided',
        sentence: `The checker gave no verdict on ${plural(undecided, 'crash image')}; the other ${count(consistent)} are consistent.${open}`,
      };
    case 'incomplete':
      return {
        word: 'Incomplete',
        sentence:
          `No violation among ${report.checker === null ? plural(distinct, 'crash image') : `${plural(checked, 'crash image')} checked`}, ` +
          `but some crash points have too many images to visit them all.`,
      };
    case 'clean':
      return {
        word: 'Clean',
        sentence: `All ${plural(distinct, 'distinct crash image')} that a power loss can leave are consistent.`,
      };
    case 'explored':
      return {
        word: 'Explored',
        sentence: `${plural(distinct, 'distinct crash image')} can be left by a power loss; no checker judged them.`,
      };
  }
}

/** Each outcome has its shape as well as its colour. */
const SHAPES: Record<Outcome, string> = {
  violating: '<path d="M8 1h8l7 7v8l-7 7H8l-7-7V8z"/><path class="sign" d="M8 8l8 8M16 8l-8 8"/>',
  interrupted:
    '<rect x="1.5" y="1.5" width="21" height="21" rx="3"/><path class="sign" d="M9 7.5v9M15 7.5v9"/>',
  undecided:
    '<path d="M12 .5L23.5 12 12 23.5.5 12z"/><path class="sign" d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6m0 3v.1"/>',
  incomplete: '<path d="M12 1.5L23.5 22H.5z"/><path class="sign" d="M12 9v6m0 3.2v.1"/>',
  clean: '<circle cx="12" cy="12" r="11.5"/><path class="sign" d="M7 12.5l3.5 3.5L17 8.5"/>',
  explored: '<circle cx="12" cy="12" r="11.5"/><path class="sign" d="M7 12h10"/>',
};

export const outcomeShape = (outcome: Outcome): Markup =>
  html`<svg class="shape" viewBox="0 0 24 24" width="30" height="30" aria-hidden="true">${new Markup(SHAPES[outcome])}</svg>`;

export function verdictSection(report: CampaignReport): Markup {
  const { word, sentence } = verdictOf(report);
  return html`<header>
<p class="eyebrow">tearline ${report.command} <span>${clip(fileName(report.log), 200)}</span> power loss on ${report.platform}</p>
<h1 class="verdict ${report.outcome}">
${outcomeShape(report.outcome)}
<span><strong>${word}.</strong> ${sentence}</span></h1>
</header>`;
}
