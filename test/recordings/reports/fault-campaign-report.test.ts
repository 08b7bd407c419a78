import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFaultCampaign } from '../../../src/explore/fault-campaign/fault-campaign.ts';
import { faultCampaignJunit } from '../../../src/recordings/reports/fault-campaign-junit.ts';
import { faultCampaignLines } from '../../../src/recordings/reports/fault-campaign-ndjson.ts';
import { faultCampaignPage } from '../../../src/recordings/reports/fault-campaign-page.ts';
import {
  type FaultCampaignReport,
  faultVerdictOf,
  type ReportedMechanism,
} from '../../../src/recordings/reports/fault-campaign-report.ts';
import { twoSlotCounter } from '../../support/two-slot-counter.ts';
import { elementsOf, isVoidElement, skeletonOf } from './markup.ts';

const summary = runFaultCampaign(twoSlotCounter);
const [anyWitness] = summary.witnesses;

const sample = (
  changes: Partial<ReportedMechanism> = {},
  of: Partial<FaultCampaignReport> = {},
): FaultCampaignReport => ({
  subject: 'counter.mjs',
  mechanisms: [
    { ...summary, mechanism: twoSlotCounter, module: 'counter.mjs', elapsedMs: 1_234, ...changes },
  ],
  recordings: new Map([[anyWitness, 'out/witnesses/counter.ndjson']]),
  faultsMax: 2,
  isInterrupted: false,
  elapsedMs: 1_234,
  ...of,
});

/** The first mutant as a violation without any, and one invariant that says a text. */
const violating = (message: string): FaultCampaignReport => {
  const witness = { ...anyWitness, mutant: undefined, message };
  const [scenario, ...scenarios] = summary.scenarios;
  return sample({
    violations: 3,
    witnesses: [witness],
    scenarios: [{ ...scenario, violating: 3, witnesses: [witness] }, ...scenarios],
  });
};

/** Nothing was explored but one mutant. */
const hunted = (caughtBy: Record<string, string>, missed: readonly string[]): FaultCampaignReport =>
  sample({
    scenarios: [],
    mutants: { caught: Object.keys(caughtBy).length, total: 1, missed, onlyBy: [], caughtBy },
  });

const elements = (page: string) => elementsOf(skeletonOf(page), isVoidElement);

describe('how a campaign over mechanisms ended', () => {
  it.each([
    [
      'clean',
      sample(),
      'Clean',
      /^Every invariant holds after each of [\d,]+ injected faults.*All \d+ mutants are caught/,
    ],
    [
      'violating',
      violating('it is torn'),
      'Violating',
      /^3 violations in .+, among [\d,]+ injected faults\.$/,
    ],
    ['violating', hunted({}, ['M1']), 'Missed', /^No invariant catches .+ M1: 1 of 1 mutant\.$/],
    ['violating', hunted({ M1: 'I1' }, []), 'Found', /^Mutant M1 of .+ is caught by I1\.$/],
    ['interrupted', sample({}, { isInterrupted: true }), 'Interrupted', /until then\.$/],
  ])('is said first: %s', (outcome, report, word, sentence) => {
    const verdict = faultVerdictOf(report);

    expect(verdict).toMatchObject({ outcome, word });
    expect(verdict.sentence).toMatch(sentence);
    expect(faultCampaignPage(report)).toContain(`<h1 class="verdict ${outcome}">`);
  });
});

describe('the page of a campaign over mechanisms', () => {
  it('has the same elements whatever an invariant says', () => {
    const plain = elements(faultCampaignPage(violating('x')));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (message) => {
        expect(elements(faultCampaignPage(violating(message)))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });

  it('allows its own style and script by their digests, and loads nothing', () => {
    const page = faultCampaignPage(sample());
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1].replaceAll('&#39;', "'");
    for (const tag of ['style', 'script']) {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1];
      expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
    expect(page).not.toMatch(/(href="(?!#)|src=|style=|url\()/);
  });

  it('has one h1, headings that skip no level, a caption for each table, and links that lead somewhere', () => {
    const page = faultCampaignPage(sample());
    const names = elements(page).map(({ name }) => name);
    const levels = names.filter((name) => /^h[1-6]$/.test(name)).map((name) => Number(name[1]));

    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    }, 0);
    expect(names.filter((name) => name === 'caption')).toHaveLength(
      names.filter((name) => name === 'table').length,
    );
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
  });

  it('marks the faults in the events of a witness, and says how to see it again', () => {
    const page = faultCampaignPage(sample());
    const marks = summary.witnesses.reduce(
      (sum, { faults }) => sum + faults.reduce((events, fault) => events + fault.events, 0),
      0,
    );

    expect(marks).toBeGreaterThan(0);
    expect(page.match(/<span class="fault">/g)).toHaveLength(marks);
    expect(page).toContain('tearline replay out/witnesses/counter.ndjson --mechanism counter.mjs');
    expect(page).toContain(`tearline campaign counter.mjs --mutant ${anyWitness.mutant}`);
  });

  it('names each scenario, fault, mutant and invariant that caught one', () => {
    const page = faultCampaignPage(sample());

    for (const { name } of twoSlotCounter.scenarios) expect(page).toContain(name);
    for (const { number } of twoSlotCounter.faults) expect(page).toContain(`${number} `);
    for (const invariant of Object.values(summary.mutants.caughtBy))
      expect(page).toContain(`<b>${invariant}</b>`);
  });

  it('leaves witnesses out where they are too many, and says so', () => {
    const witnesses = new Array<typeof anyWitness>(2_000).fill(anyWitness);
    const page = faultCampaignPage(sample({ witnesses }));

    expect(Buffer.byteLength(page)).toBeLessThan(1 << 20);
    expect(page).toMatch(/[\d,]+ more witnesses: see results\.ndjson/);
    elements(page);
  });
});

describe('junit.xml of a campaign over mechanisms', () => {
  const body = (report: FaultCampaignReport): string =>
    faultCampaignJunit(report).replace('<?xml version="1.0" encoding="UTF-8"?>\n', '');
  const countOf = (report: FaultCampaignReport, name: string): number =>
    elementsOf(body(report)).filter((one) => one.name === name).length;

  it('has a test for each scenario and each mutant', () => {
    expect(countOf(sample(), 'testcase')).toBe(
      twoSlotCounter.scenarios.length + twoSlotCounter.mutants.length,
    );
    expect(countOf(sample(), 'failure')).toBe(0);
  });

  it('fails for what does not hold, whatever it says, and for a mutant that is missed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        expect(countOf(violating(message), 'failure')).toBe(1);
      }),
      { numRuns: 60 },
    );
    const [{ name }] = twoSlotCounter.mutants;
    expect(countOf(hunted({}, [name]), 'failure')).toBe(1);
  });

  it('calls an interruption an error', () => {
    expect(countOf(sample({}, { isInterrupted: true }), 'error')).toBe(1);
  });
});

describe('results.ndjson of a campaign over mechanisms', () => {
  it('has a line for all of it, each mechanism, scenario, mutant and witness', () => {
    const lines = [...faultCampaignLines(sample())].map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    const ofType = (type: string) => lines.filter((line) => line['type'] === type);

    expect(lines[0]).toMatchObject({ type: 'summary', outcome: 'clean', injections: summary.injections });
    expect(ofType('mechanism')).toHaveLength(1);
    expect(ofType('scenario')).toHaveLength(summary.scenarios.length);
    expect(ofType('mutant')).toHaveLength(summary.mutants.total);
    expect(ofType('witness')).toHaveLength(summary.witnesses.length);
    expect(ofType('witness')[0]).toMatchObject({
      recording: 'out/witnesses/counter.ndjson',
      events: anyWitness.events.length,
    });
  });
});
