import type { CampaignReport, GroupReport } from '../../explore/campaign-report.ts';
import { clip, count, fileName, ofLog2Text, plural } from './format.ts';
import { element, escapeXml } from './xml.ts';

/** Test cases of groups; what comes after them is one more. */
const CASES = 1_000;
const TEXT_CHARACTERS = 8_000;
const NAME_CHARACTERS = 300;

interface TestCase {
  readonly name: string;
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    /** What went wrong; a skipped test has none. */
    readonly type?: string;
    readonly message: string;
    readonly text?: string;
  };
}

/**
 * The report as JUnit XML: each cause of violations is a failure, each kind of undecided images an error, images that were
 * not visited a skipped test, and all others together one test that passed.
 */
export function junitXml(report: CampaignReport): string {
  const cases = [...violations(report), rest(report), ...undecided(report), account(report)];
  const tally = (kind: string): number => cases.filter(({ result }) => result?.kind === kind).length;
  const seconds = (report.elapsedMs / 1000).toFixed(3);
  const numbers = {
    tests: cases.length,
    failures: tally('failure'),
    errors: tally('error'),
    skipped: tally('skipped'),
    time: seconds,
  };
  const classname = `tearline.${report.fault}.${report.platform}`;
  const body = cases.map(({ name, result }, i) =>
    element(
      'testcase',
      { classname, name: clip(name, NAME_CHARACTERS), time: i === 0 ? seconds : '0.000' },
      result && element(result.kind, attributesOf(result), result.text && escapeXml(result.text)),
    ),
  );
  const name = `${fileName(report.log)}: ${report.fault} on ${report.platform}`;
  const suite = element('testsuite', { name, ...numbers }, `\n${properties(report)}\n${body.join('\n')}\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'tearline', ...numbers }, `\n${suite}\n`)}\n`;
}

const attributesOf = ({ type, message }: NonNullable<TestCase['result']>): Record<string, string> => ({
  ...(type !== undefined && { type }),
  message: clip(message, TEXT_CHARACTERS),
});

function violations({ groups }: CampaignReport): TestCase[] {
  const cases = groups.slice(0, CASES).map((group, i) => violation(group, i + 1));
  const more = groups.slice(CASES);
  if (more.length === 0) return cases;
  const message = `${plural(more.length, 'more cause')} of violations: see results.ndjson`;
  return [...cases, { name: 'more causes', result: { kind: 'failure', type: 'violation', message } }];
}

function violation(group: GroupReport, number: number): TestCase {
  const { witness, stores = [] } = group;
  const text = [
    group.explanation,
    `Images: ${count(group.images)}`,
    `Cause: ${group.cause}`,
    ...stores.map(
      ({ role, source, event, file, fileOffset }) =>
        `${role === 'early' ? 'Durable too early' : 'Lost'}: ${source ?? 'a store'}, event ${event}, ${file} + 0x${fileOffset.toString(16)}`,
    ),
    `Crash after ${witness.index} events; the checker says: ${witness.reason}`,
    ...(witness.recording === null ? [] : [`Witness: ${witness.recording}`]),
  ];
  return {
    name: `cause ${number}: ${group.defect ?? 'unexplained'}: ${group.cause}`,
    result: {
      kind: 'failure',
      type: 'violation',
      message: `${plural(group.images, 'image')}: ${witness.reason}`,
      text: clip(text.join('\n'), TEXT_CHARACTERS),
    },
  };
}

function rest({ checker, images, groups }: CampaignReport): TestCase {
  const name = groups.length > 0 ? 'every other image is consistent' : 'every image is consistent';
  if (checker === null)
    return { name, result: { kind: 'skipped', message: 'no checker was given: images were only counted' } };
  if (images.consistent > 0 || images.checked > 0)
    return { name: `${name} (${count(images.consistent)} checked)` };
  return { name, result: { kind: 'skipped', message: 'no image was checked' } };
}

const undecided = ({ undecided: kinds }: CampaignReport): TestCase[] =>
  kinds.map(({ kind, images, index, reason }) => ({
    name: `the checker gives a verdict (${kind})`,
    result: {
      kind: 'error',
      type: kind,
      message: `${plural(images, 'image')} undecided (${kind}), the first after ${index} events`,
      text: clip(reason, TEXT_CHARACTERS),
    },
  }));

function account({ incomplete, images, outcome }: CampaignReport): TestCase {
  const name = 'every image is visited';
  if (outcome === 'interrupted') {
    return { name, result: { kind: 'error', type: 'interrupted', message: 'the campaign was interrupted' } };
  }
  if (incomplete !== null) {
    const { points, explored, imagesLog2, strategy } = incomplete;
    const message = `${plural(points, 'crash point')} sampled: ${count(explored)} of ${ofLog2Text(imagesLog2)} images visited (${strategy})`;
    return { name, result: { kind: 'skipped', message } };
  }
  return images.complete
    ? { name }
    : { name, result: { kind: 'skipped', message: 'not every image was visited or judged' } };
}

function properties(report: CampaignReport): string {
  const values: Record<string, string | number> = {
    log: report.log,
    platform: report.platform,
    checker: report.checker ?? 'none',
    seed: report.seed,
    shard: `${report.shard.index + 1}/${report.shard.count}`,
    outcome: report.outcome,
    operations: report.operations,
    events: report.events,
    crashPoints: report.crashPoints,
    combinations: report.images.combinations ?? ofLog2Text(report.images.combinationsLog2),
    distinctImages: report.images.distinct,
    checkedImages: report.images.checked,
    violatingImages: report.images.violating,
    undecidedImages: report.images.undecided,
    complete: String(report.images.complete),
  };
  const written = Object.entries(values).map(([name, value]) =>
    element('property', { name, value: clip(String(value), TEXT_CHARACTERS) }),
  );
  return element('properties', {}, `\n${written.join('\n')}\n`);
}
