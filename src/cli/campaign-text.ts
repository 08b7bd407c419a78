import type { CampaignReport, GroupReport } from '../explore/campaign-report.ts';

/** A report for people, line by line. */
export function campaignText(report: CampaignReport): string[] {
  const { images, crashPoints, shard } = report;
  const part = shard.count === 1 ? '' : `, shard ${shard.index + 1} of ${shard.count}`;
  const lines = [
    `${report.log}: power loss on ${report.platform}${part}`,
    '',
    row('crash points', count(crashPoints)),
    row('combinations', combinations(images)),
    row('distinct images', count(images.distinct)),
  ];
  if (report.checker !== null) {
    lines.push(
      row('checked', count(images.checked)),
      row('violating', count(images.violating)),
      row('undecided', count(images.undecided)),
    );
  }
  for (const { kind, images: undecided, index, reason } of report.undecided) {
    lines.push(
      '',
      `${kind}: ${plural(undecided, 'image')}, the first after event ${index}: ${oneLine(reason)}`,
    );
  }
  for (const [i, group] of report.groups.entries()) lines.push('', ...groupLines(group, i + 1));
  if (report.incomplete !== null) lines.push('', incompleteLine(report.incomplete, crashPoints));
  lines.push('', verdict(report));
  return lines;
}

const row = (name: string, value: string): string => `  ${name.padEnd(16)}${value.padStart(12)}`;
const count = (number: number): string => number.toLocaleString('en');
const plural = (number: number, what: string): string => `${count(number)} ${what}${number === 1 ? '' : 's'}`;

function combinations({ combinations: exact, combinationsLog2 }: CampaignReport['images']): string {
  return exact !== null && exact.length < 16 ? BigInt(exact).toLocaleString('en') : power(combinationsLog2);
}

const power = (log2: number): string => `2^${log2.toFixed(1)}`;

function groupLines({ cause, defect, images, explanation, witness }: GroupReport, number: number): string[] {
  return [
    `${number}. ${defect ?? 'unexplained'}: ${plural(images, 'image')}`,
    `   ${explanation}`,
    `   cause: ${cause}`,
    `   the checker says: ${oneLine(witness.reason)}`,
    `   first possible after event ${witness.index}`,
    ...(witness.recording === null
      ? []
      : [`   witness: ${plural(witness.events ?? 0, 'event')}, tearline replay ${word(witness.recording)}`]),
  ];
}

/** A word that a shell takes as it is. */
const word = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

function incompleteLine(incomplete: NonNullable<CampaignReport['incomplete']>, crashPoints: number): string {
  return (
    `incomplete: explored ${count(incomplete.explored)} of ${power(incomplete.imagesLog2)} images at ` +
    `${count(incomplete.points)} of ${plural(crashPoints, 'point')} (the largest has ${power(incomplete.largestLog2)}); ` +
    `strategy: ${incomplete.strategy}`
  );
}

/** A text of somebody else's, which may hold line breaks and control codes of terminals. */
const oneLine = (text: string): string =>
  [...text].map((one) => (one < ' ' || one === '\u007f' ? ' ' : one)).join('');

function verdict({ outcome, images, groups, elapsedMs }: CampaignReport): string {
  const took = `(${(elapsedMs / 1000).toFixed(1)} s)`;
  const open = images.complete ? '' : '; not every image was visited and judged, there may be more';
  switch (outcome) {
    case 'violating':
      return `violating: ${plural(images.violating, 'image')}, ${plural(groups.length, 'cause')}${open} ${took}`;
    case 'interrupted':
      return `interrupted: no violation among the ${plural(images.checked, 'image')} checked so far ${took}`;
    case 'undecided':
      return `undecided: the checker gave no verdict on ${plural(images.undecided, 'image')} ${took}`;
    case 'incomplete':
      return `incomplete: no violation in what was visited, but not every image was ${took}`;
    case 'clean':
      return `clean: every image that a power loss can leave is consistent ${took}`;
    case 'explored':
      return `explored: no checker was given, so the images were only counted ${took}`;
  }
}
