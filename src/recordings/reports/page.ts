import type { CampaignReport } from '../../explore/campaign-report.ts';
import type { RunTimeline } from '../../explore/timeline.ts';
import { detailsSection, undecidedSection, type Versions } from './details-section.ts';
import { clip, fileName } from './format.ts';
import { groupsSection } from './groups-section.ts';
import { html } from './html.ts';
import { numbersSection } from './numbers-section.ts';
import { framed } from './page-frame.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { timelineSection } from './timeline-section.ts';
import { verdictOf, verdictSection } from './verdict-section.ts';

/** The report as one page. */
export function reportPage(report: CampaignReport, timeline: RunTimeline, versions: Versions): string {
  const { word } = verdictOf(report);
  return framed({
    title: `${word}: ${clip(fileName(report.log), 200)} on ${report.platform} – tearline`,
    style: PAGE_STYLE,
    script: PAGE_SCRIPT,
    body: html`${verdictSection(report)}
${numbersSection(report)}
${timelineSection(report, timeline)}
${groupsSection(report)}
${undecidedSection(report)}
${detailsSection(report, versions)}`,
  });
}
