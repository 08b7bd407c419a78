import { describe, expect, it } from 'vitest';
import type { Mechanism } from '../../src/mechanisms/mechanism.ts';
import { broken } from './mechanism-contract/breaking.ts';
import {
  classesAreRight,
  costsAreFolds,
  everyFaultIsInjected,
  everyKindOccurs,
  survives,
} from './mechanism-contract/campaign-laws.ts';
import { choices, faultsOfTheSheet, namesAndMeanings } from './mechanism-contract/declaration-laws.ts';
import type { Finding } from './mechanism-contract/finding.ts';
import {
  askingChangesNothing,
  eventsFit,
  foldsAlike,
  forksAreIndependent,
  refusesTheImpossible,
  replays,
  scenariosEnd,
} from './mechanism-contract/fold-laws.ts';
import { Subject } from './mechanism-contract/subject.ts';

/** The laws that every mechanism holds, whatever it does. */
const LAWS: Readonly<Record<string, (subject: Subject) => Iterable<Finding>>> = {
  'names and meanings are given and have their form': namesAndMeanings,
  'every scenario ends, within 300 events, and nothing is violated on the way': scenariosEnd,
  'the same events fold to the same state at every index (G1)': foldsAlike,
  'its events alone, read back from JSON, lead to the same state': replays,
  'survives every fault at every index, and second faults during recovery': survives,
  'every event fits the table and is read back from JSON as it was': eventsFit,
  'deciding, judging and listing faults change nothing': askingChangesNothing,
  'forks are independent at every index': forksAreIndependent,
  'what cannot happen is refused, with the state unchanged': refusesTheImpossible,
  'every fault is injected, or says why it never happens': everyFaultIsInjected,
  'the faults that section 3.2 lists have a case': faultsOfTheSheet,
  'every choice of every policy is taken by a scenario': choices,
  'every kind of event happens': everyKindOccurs,
  'classes are judged like their members, and each fault is in one': classesAreRight,
  'costs are a fold over the events (G8)': costsAreFolds,
};

export interface ContractOptions<State extends object, Reference extends object> {
  /** Of each invariant, by name, a corruption of a state or a reference after which it does not hold. */
  readonly breaks: Readonly<Record<string, (state: State, reference: Reference) => void>>;
  /**
   * Checks that do not apply, and why, in a sentence. A check is a law, one item of it (`law: item`), or `I7 can fail`; a
   * skip of an item that nothing is wrong with fails.
   */
  readonly skips?: Readonly<Record<string, string>>;
}

const REASON = /^\S+( +\S+){4,}$/;

/** The contract that every mechanism holds, as a suite: each test has the number of what it tests in its name. */
export function describeMechanism<State extends object, Reference extends object>(
  mechanism: Mechanism,
  { breaks, skips = {} }: ContractOptions<State, Reference>,
): void {
  const subject = new Subject(mechanism);
  const { name: number, title } = mechanism;
  const isSkipped = (check: string): boolean => check in skips;

  describe(`${number}, ${title}`, () => {
    for (const [law, find] of Object.entries(LAWS)) {
      if (isSkipped(law)) continue;
      it(`${number} contract: ${law}`, { timeout: 120_000 }, () => {
        const findings = new Set<string>();
        const seen = new Set<string>();
        for (const { item, problem } of find(subject)) {
          seen.add(item);
          if (!isSkipped(`${law}: ${item}`)) findings.add(`${item}: ${problem}`);
        }

        expect([...findings].slice(0, 20)).toEqual([]);
        expect(
          itemsSkipped(law, skips).filter((item) => !seen.has(item)),
          'skips without a cause',
        ).toEqual([]);
      });
    }

    for (const invariant of mechanism.invariants) {
      const { name, meaning } = invariant;
      if (isSkipped(`${name} can fail`)) continue;
      it(`${number}.${name} can fail: ${meaning}`, () => {
        expect(Object.keys(breaks), 'there is no break for it').toContain(name);
        // The type parameters of a mechanism are hidden: only its test knows them.
        const corrupt = breaks[name] as (state: object, reference: object) => void;
        expect(broken(subject, invariant, corrupt)).toEqual({ message: expect.stringMatching(/\S/) });
      });
    }

    for (const { name, meaning } of mechanism.mutants) {
      it(`${number}.${name} is caught: ${meaning}`, { timeout: 120_000 }, () => {
        expect(subject.caughtBy(name), 'no named invariant catches it').toBeDefined();
      });
    }

    it(`${number} contract: breaks are of invariants, and skips of checks, with a reason`, () => {
      const invariants = mechanism.invariants.map(({ name }) => name);
      expect(invariants).toEqual(expect.arrayContaining(Object.keys(breaks)));
      const checks = [...Object.keys(LAWS), ...invariants.map((name) => `${name} can fail`)];
      for (const [check, reason] of Object.entries(skips)) {
        expect(checks).toContain(check.split(': ')[0]);
        expect(reason, `the reason to skip: ${check}`).toMatch(REASON);
      }
    });
  });
}

const itemsSkipped = (law: string, skips: Readonly<Record<string, string>>): string[] =>
  Object.keys(skips)
    .filter((check) => check.startsWith(`${law}: `))
    .map((check) => check.slice(law.length + 2));
