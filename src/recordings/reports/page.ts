import { createHash } from 'node:crypto';
import type { CampaignReport } from '../../explore/campaign-report.ts';
import type { RunTimeline } from '../../explore/timeline.ts';
import { detailsSection, undecidedSection, type Versions } from './details-section.ts';
import { clip, fileName } from './format.ts';
import { groupsSection } from './groups-section.ts';
import { html, Markup } from './html.ts';
import { numbersSection } from './numbers-section.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { timelineSection } from './timeline-section.ts';
import { verdictOf, verdictSection } from './verdict-section.ts';

/** The report as one page that needs nothing else and is allowed to load nothing. */
export function reportPage(report: CampaignReport, timeline: RunTimeline, versions: Versions): string {
  const { word } = verdictOf(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${word}: ${clip(fileName(report.log), 200)} on ${report.platform} – tearline</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<main>
${verdictSection(report)}
${numbersSection(report)}
${timelineSection(report, timeline)}
${groupsSection(report)}
${undecidedSection(report)}
${detailsSection(report, versions)}
</main>
<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing may be loaded or sent; the page's own style and script are known by their digests. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(PAGE_STYLE)}`,
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
