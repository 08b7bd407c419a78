import { ClassTable } from '../../src/explore/fault-campaign/class-table.ts';
import { type Judgement, Oracles } from '../../src/explore/fault-campaign/oracles.ts';
import { World } from '../../src/explore/fault-campaign/world.ts';
import type { Mechanism, Scenario } from '../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';

/**
 * Puts so many faults in, each at every index, whether recovery is under way there or has long ended: more than a campaign
 * does. Returns the invariants that do not hold, with the first message of each, and how many faults were put in.
 */
export function anyFaults(
  mechanism: Mechanism,
  scenario: Scenario,
  faults: number,
): { broken: string[]; injections: number } {
  const oracles = new Oracles(mechanism);
  const classes = new ClassTable<true>();
  const broken = new Map<string, string>();
  let injections = 0;

  const isBroken = (judgement: Judgement): boolean => {
    if (typeof judgement === 'string') return false;
    const { invariant, message } = judgement;
    if (!broken.has(invariant)) broken.set(invariant, `${invariant}: ${message}`);
    return true;
  };
  const follow = (world: World, left: number): void => {
    for (;;) {
      const next = oracles.next(world);
      const digest = world.classDigest(left);
      if (classes.get(digest)) return;
      classes.add(digest, true);
      if (left > 0) injectAll(world, left);
      if (next === undefined) {
        isBroken(oracles.end(world));
        return;
      }
      if (isBroken(oracles.step(world, next))) return;
    }
  };
  const injectAll = (world: World, left: number): void => {
    for (const fault of mechanism.faults) {
      if (!('occurrences' in fault)) continue;
      for (const events of fault.occurrences(world.state, left === faults ? 'all' : 'few')) {
        injections++;
        const fork = world.fork();
        const injected = { number: fault.number, index: fork.index };
        if (!events.some((event) => isBroken(oracles.step(fork, event, injected)))) follow(fork, left - 1);
      }
    }
  };
  follow(World.initial(mechanism, settingOf(mechanism, scenario)), faults);
  return { broken: [...broken.values()], injections };
}
