import type { CampaignReport, GroupReport } from '../../explore/campaign-report.ts';
import { clip, count, fileName, ofLog2Text, plural } from './format.ts';
import { junitSuites, TEXT_CHARACTERS, type TestCase } from './junit-suites.ts';

/** Test cases of groups; what comes after them is one more. */
const CASES = 1_000;

/**
 * The report as JUnit XML: each cause of violations is a failure, each kind of undecided images an error, images that were
 * not visited a skipped test, and all others together one test that passed.
 */
export function junitXml(report: CampaignReport): string {
  return junitSuites([
    {
      name: `${fileName(report.log)}: ${report.fault} on ${report.platform}`,
      classname: `tearline.${report.fault}.${report.platform}`,
      elapsedMs: report.elapsedMs,
      properties: propertiesOf(report),
      cases: [...violations(report), rest(report), ...undecided(report), account(report)],
    },
  ]);
}

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

function propertiesOf(report: CampaignReport): Record<string, string | number> {
  return {
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
}
