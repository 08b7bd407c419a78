import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import { flushHints } from '../../src/mechanisms/flush-hints/flush-hints.ts';
import type { Instruction, Policy, Scenario } from '../../src/mechanisms/mechanism.ts';
import { anyFaults } from '../support/any-faults.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/mechanisms/flush-hints-worlds.test.ts';

const hosts = fc.array(
  fc.record({
    platform: fc.constantFrom('P0', 'P1', 'P1f', 'P2'),
    hints: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 2 },
);

const steps = fc.array(
  fc.record({
    do: fc.constantFrom('store', 'store', 'clwb', 'clflush', 'fence', 'hint', 'hint'),
    line: fc.nat(2),
  }),
  { minLength: 2, maxLength: 8 },
);

const machines = fc.array(
  fc.record({
    host: fc.nat(1),
    lines: fc.integer({ min: 1, max: 3 }),
    programs: fc.array(steps, { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 2 },
);

/** Of a virtual machine to a host, or of the flush hints that a host has. */
const operations = fc.array(
  fc.record({
    do: fc.constantFrom('migrate', 'reconfigure'),
    vm: fc.nat(1),
    host: fc.nat(1),
    hints: fc.nat(7),
    after: fc.nat(6),
  }),
  { maxLength: 3 },
);

const policy: fc.Arbitrary<Policy> = fc.record(
  Object.fromEntries(
    Object.entries(flushHints.policy).map(([name, { choices }]) => [name, fc.constantFrom(...choices)]),
  ),
);

/** Any hosts, any programs, in any order; values are told apart by the place of their store. */
const worlds: fc.Arbitrary<Scenario> = fc
  .record({ hosts, machines, operations, policy })
  .map(({ hosts, machines, operations, policy }) => {
    const actors: Record<string, readonly Instruction[]> = {};
    let value = 0;
    for (const { programs, lines } of machines) {
      for (const program of programs) {
        actors[`core${Object.keys(actors).length}`] = program.map(({ do: what, line }) => ({
          do: what,
          line: line % lines,
          value: ++value,
        }));
      }
    }
    actors['operator'] = operations.map(({ do: what, vm, host: any, hints, after }) => {
      const host = any % hosts.length;
      return what === 'migrate'
        ? { do: what, vm: vm % machines.length, host, after }
        : { do: what, host, hints: hints % 2 ** hosts[host].hints.length, after };
    });
    return {
      name: 'any-world',
      meaning: 'one of many',
      world: {
        hosts,
        machines: machines.map(({ host, lines, programs }) => ({
          host: host % hosts.length,
          lines,
          cores: programs.length,
        })),
        backingFrames: 4,
      },
      actors,
      policy,
    };
  });

it('S1 holds its promises in any world, whatever fails at any index', { timeout: 60_000 }, () => {
  const property = fc.property(worlds, (scenario) => {
    const { violations } = exploreFaults(flushHints, scenario, { faultsMax: 1, eventsMax: 2000 });
    expect(violations.map(({ invariant, message }) => `${invariant}: ${message}`)).toEqual([]);
  });
  holds(property, 12, FILE);
});

it.each(flushHints.scenarios)(
  'S1 holds its promises when two faults strike anywhere: $name',
  { timeout: 60_000 },
  (scenario) => {
    const { broken, injections } = anyFaults(flushHints, scenario, 2);

    expect(broken).toEqual([]);
    expect(injections).toBeGreaterThan(2000);
  },
);
