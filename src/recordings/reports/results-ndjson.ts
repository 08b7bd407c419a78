import type { CampaignReport } from '../../explore/campaign-report.ts';

/** The results as lines of JSON, each with its `type`: one summary, then groups, windows, undecided kinds, sampled points. */
export function* resultLines(report: CampaignReport): Generator<string> {
  const { groups, windows, undecided, incomplete, ...summary } = report;
  const { list = [], ...account } = incomplete ?? {};
  const counts = { groups: groups.length, windows: windows.length };
  yield line('summary', { ...summary, ...counts, incomplete: incomplete === null ? null : account });
  for (const group of groups) yield line('group', group);
  for (const window of windows) yield line('window', window);
  for (const kind of undecided) yield line('undecided', kind);
  for (const { index, images, log2, explored } of list) {
    yield line('incomplete', { index, images: Number.isFinite(images) ? images : null, log2, explored });
  }
}

const line = (type: string, value: object): string => `${JSON.stringify({ type, ...value })}\n`;
