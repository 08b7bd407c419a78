import type { FaultWitness } from '../../explore/fault-campaign/fault-witness.ts';
import { type FaultCampaignReport, faultVerdictOf, type ReportedMechanism } from './fault-campaign-report.ts';
import { clip, plural } from './format.ts';
import { junitSuites, TEXT_CHARACTERS, type TestCase } from './junit-suites.ts';

/**
 * The report as JUnit XML: a suite for each mechanism, a test for each scenario, which fails with what does not hold, and one
 * for each mutant, which fails where no invariant catches it. Of mutants that were hunted alone it is the witness that fails.
 */
export const faultCampaignJunit = (report: FaultCampaignReport): string =>
  junitSuites(
    report.mechanisms.map((one) => ({
      name: `${one.name}: ${one.mechanism.title}`,
      classname: `tearline.${one.name}`,
      elapsedMs: one.elapsedMs,
      properties: {
        outcome: faultVerdictOf(report).outcome,
        events: one.events,
        injections: one.injections,
        states: one.states,
        violations: one.violations,
        unrecoverable: one.unrecoverable,
      },
      cases: [
        ...one.scenarios.map((scenario) => scenarioCase(scenario, report)),
        ...mutantCases(one),
        ...cut(report),
      ],
    })),
  );

function scenarioCase(
  { scenario, injections, violating, witnesses }: ReportedMechanism['scenarios'][number],
  { recordings }: FaultCampaignReport,
): TestCase {
  const name = `scenario ${scenario}: every invariant holds (${plural(injections, 'fault')})`;
  if (witnesses.length === 0) return { name };
  const [first] = witnesses;
  return {
    name,
    result: {
      kind: 'failure',
      type: 'violation',
      message: `${plural(Math.max(1, violating), 'violation')}: ${first.invariant}: ${first.message}`,
      text: clip(
        witnesses.map((witness) => witnessText(witness, recordings.get(witness))).join('\n'),
        TEXT_CHARACTERS,
      ),
    },
  };
}

function witnessText(
  { invariant, meaning, message, events, faults }: FaultWitness,
  recording?: string,
): string {
  const places = faults.map(({ number, index }) => `${number} at event ${index}`).join(', then ');
  return [
    `${invariant}: ${meaning}`,
    message,
    `after ${plural(events.length, 'event')}: ${places || 'without a fault'}`,
    ...(recording === undefined ? [] : [`Witness: ${recording}`]),
  ].join('\n');
}

const mutantCases = ({ mechanism, mutants }: ReportedMechanism): TestCase[] =>
  mechanism.mutants.flatMap(({ name, meaning }): TestCase[] => {
    const title = `mutant ${name} is caught: ${meaning}`;
    if (name in mutants.caughtBy) return [{ name: `${title} (by ${mutants.caughtBy[name]})` }];
    if (!mutants.missed.includes(name)) return [];
    const message = mutants.onlyBy.includes(name)
      ? 'only an oracle of every mechanism noticed it'
      : 'nothing noticed it';
    return [{ name: title, result: { kind: 'failure', type: 'missed', message } }];
  });

const cut = ({ isInterrupted }: FaultCampaignReport): TestCase[] =>
  isInterrupted
    ? [
        {
          name: 'every task is done',
          result: { kind: 'error', type: 'interrupted', message: 'the campaign was interrupted' },
        },
      ]
    : [];
