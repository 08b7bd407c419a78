import { exploreFaults } from '../../../src/explore/fault-campaign/explorer.ts';
import { type Finding, found } from './finding.ts';
import { nextOf } from './journey.ts';
import { naiveVerdict } from './naive-verdict.ts';
import type { Subject } from './subject.ts';

// What campaigns over the mechanism must find, and that pruning changes nothing of it.

export function* survives({ explorations }: Subject): Generator<Finding> {
  for (const { scenario, violations } of explorations) {
    for (const { invariant, message, last } of violations)
      yield found(scenario.name, `event ${last?.index}: ${invariant}: ${message}`);
  }
}

export function* everyFaultIsInjected({ mechanism, explorations }: Subject): Generator<Finding> {
  for (const fault of mechanism.faults) {
    const { number } = fault;
    const isInjected = explorations.some(({ injectionsByFault }) => (injectionsByFault[number] ?? 0) > 0);
    if (!isInjected && !('never' in fault)) yield found(number, 'never happens in any scenario');
  }
}

/** In a run, in a campaign, or in a campaign over a mutant. */
export function* everyKindOccurs(subject: Subject): Generator<Finding> {
  const { mechanism, mains, explorations, log } = subject;
  for (const { name } of mechanism.mutants) subject.caughtBy(name);
  const runs = mains.length + explorations.length;
  for (const kind of Object.keys(mechanism.events)) {
    if (!log.kinds.has(kind))
      yield found(kind, `happens in none of ${runs} runs and campaigns, nor in a mutant`);
  }
}

/** About how many faults of a scenario are followed to the end without classes. */
const FOLLOWED_MAX = 100;

/**
 * Goes through every single fault once more, without classes to look up: each leads to one class, the classes count what
 * leads to them, and those of which a sample is followed to the end have the verdict that is found there.
 */
export function* classesAreRight({ mechanism, mains }: Subject): Generator<Finding> {
  for (const { scenario, worlds } of mains) {
    const { classes, injections } = exploreFaults(mechanism, scenario, { faultsMax: 1 });
    const counted = new Map<object, number>();
    let count = 0;
    for (const world of worlds) {
      for (const fault of mechanism.faults) {
        if (!('occurrences' in fault)) continue;
        for (const events of fault.occurrences(world.state, 'all')) {
          const after = world.fork();
          for (const event of events) after.apply(event);
          nextOf(mechanism, after);
          const known = classes.get(after.classDigest(0));
          const where = `${scenario.name}, ${fault.number} at ${world.index}`;
          if (known === undefined) yield found(where, 'leads to no class');
          else {
            counted.set(known, (counted.get(known) ?? 0) + 1);
            if (count++ % Math.ceil(injections / FOLLOWED_MAX) !== 0) continue;
            const verdict = naiveVerdict(mechanism, world.fork(), events);
            if (verdict !== known.verdict) yield found(where, `${verdict}, but its class ${known.verdict}`);
          }
        }
      }
    }
    if (count !== injections) yield found(scenario.name, `${injections} faults injected, not ${count}`);
    for (const known of classes.values()) {
      const { weight } = known;
      if (weight !== (counted.get(known) ?? 0))
        yield found(scenario.name, `a class of ${counted.get(known) ?? 0} faults counts ${weight}`);
    }
  }
}

/** Numbers of 0 or more, and the same from the events alone as they were while it ran. */
export function* costsAreFolds({ mechanism, journeys }: Subject): Generator<Finding> {
  for (const { scenario, worlds, events } of journeys) {
    const replayed = worlds[0].fork();
    for (const [at, event] of events.entries()) {
      replayed.apply(event);
      for (const { name, of } of mechanism.costs) {
        const cost = of(event, worlds[at + 1].state);
        const where = `${scenario.name}, event ${at}`;
        if (!(Number.isFinite(cost) && cost >= 0)) yield found(name, `${where}: ${cost} is no cost`);
        if (of(event, replayed.state) !== cost) yield found(name, `${where}: another cost in the replay`);
      }
    }
  }
}
