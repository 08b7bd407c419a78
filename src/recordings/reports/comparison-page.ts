import type { ComparisonResult } from '../../explore/compare/compare.ts';
import {
  costsSection,
  headerSection,
  recoverySection,
  survivalSection,
  sweepSection,
  ticksSection,
} from './comparison-sections.ts';
import { COMPARISON_STYLE } from './comparison-style.ts';
import { COPY_SCRIPT } from './copy-script.ts';
import { html } from './html.ts';
import { framed } from './page-frame.ts';
import { PAGE_STYLE } from './page-style.ts';

/** A comparison as one page. */
export const comparisonPage = (result: ComparisonResult): string =>
  framed({
    title: `${result.comparison.name} compared: ${result.comparison.title} – tearline`,
    style: PAGE_STYLE + COMPARISON_STYLE,
    script: COPY_SCRIPT,
    body: html`${headerSection(result)}
${costsSection(result)}
${sweepSection(result)}
${recoverySection(result)}
${survivalSection(result)}
${ticksSection()}`,
  });
