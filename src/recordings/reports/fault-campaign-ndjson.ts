import { type FaultCampaignReport, faultVerdictOf } from './fault-campaign-report.ts';

/**
 * The results as lines of JSON, each with its `type`: one summary, then each mechanism followed by its scenarios, its mutants and
 * its witnesses. The events of a witness are in its recording.
 */
export function* faultCampaignLines(report: FaultCampaignReport): Generator<string> {
  const { subject, mechanisms, recordings, isInterrupted, elapsedMs } = report;
  const { outcome } = faultVerdictOf(report);
  const total = (of: (one: (typeof mechanisms)[number]) => number): number =>
    mechanisms.reduce((sum, one) => sum + of(one), 0);
  yield line('summary', {
    command: 'campaign',
    subject,
    outcome,
    mechanisms: mechanisms.length,
    injections: total(({ injections }) => injections),
    violations: total(({ violations }) => violations),
    unrecoverable: total(({ unrecoverable }) => unrecoverable),
    mutants: total(({ mutants }) => mutants.total),
    caught: total(({ mutants }) => mutants.caught),
    interrupted: isInterrupted,
    elapsedMs: Math.round(elapsedMs),
  });
  for (const { mechanism, name, scenarios, mutants, witnesses, module: _, ...numbers } of mechanisms) {
    const ofMechanism = { mechanism: name };
    yield line('mechanism', {
      ...ofMechanism,
      title: mechanism.title,
      source: mechanism.source,
      ...numbers,
      elapsedMs: Math.round(numbers.elapsedMs),
      caught: mutants.caught,
      mutants: mutants.total,
    });
    for (const { witnesses: found, ...scenario } of scenarios)
      yield line('scenario', { ...scenario, witnesses: found.length });
    for (const [mutant, invariant] of Object.entries(mutants.caughtBy))
      yield line('mutant', { ...ofMechanism, mutant, caughtBy: invariant });
    for (const mutant of mutants.missed) yield line('mutant', { ...ofMechanism, mutant, caughtBy: null });
    for (const witness of witnesses) {
      const { scenario, events, mutant = null, ...found } = witness;
      const recording = recordings.get(witness) ?? null;
      yield line('witness', { ...found, mutant, scenario: scenario.name, events: events.length, recording });
    }
  }
}

const line = (type: string, value: object): string => `${JSON.stringify({ type, ...value })}\n`;
