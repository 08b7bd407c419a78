import { faultCatalogue } from '../hardware/fault-catalogue.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { printable } from './event-text.ts';

/** What `list` says of a mechanism. */
export const listedMechanism = ({
  name,
  title,
  source,
  version,
  scenarios,
  policy,
  faults,
  invariants,
  mutants,
}: Mechanism) => ({
  name,
  title,
  source,
  version,
  scenarios: scenarios.map(({ name: scenario, meaning }) => ({ name: scenario, meaning })),
  policy: Object.entries(policy).map(([choice, declared]) => ({
    name: choice,
    meaning: declared.meaning,
    choices: declared.choices,
    default: declared.default,
  })),
  faults: faults.map((fault) => ({
    number: fault.number,
    name: faultCatalogue[fault.number].name,
    claim: fault.claim,
    never: 'never' in fault ? fault.never : null,
  })),
  invariants: invariants.map(({ name: invariant, meaning, when }) => ({ name: invariant, meaning, when })),
  mutants: mutants.map(({ name: mutant, meaning }) => ({ name: mutant, meaning })),
});

type Listed = ReturnType<typeof listedMechanism>;

/** One line for each. */
export function mechanismsText(mechanisms: readonly Listed[]): string[] {
  const width = Math.max(...mechanisms.map(({ name }) => name.length)) + 2;
  return mechanisms.map(({ name, title, scenarios, mutants, faults }) => {
    const numbers = faults.filter(({ never }) => never === null).map(({ number }) => number);
    return printable(
      `  ${name.padEnd(width)}${title}; ${counted(scenarios.length, 'scenario')}, ${counted(mutants.length, 'mutant')}, ` +
        `faults ${numbers.join(' ')}`,
    );
  });
}

/** All of one. */
export const detailsText = (mechanism: Listed): string[] => [
  `${mechanism.name}, ${mechanism.title} (version ${mechanism.version}; ${mechanism.source})`,
  ...section('scenarios', mechanism.scenarios),
  ...section(
    'policy',
    mechanism.policy.map(({ name, meaning, choices, default: taken }) => {
      const marked = choices.map((choice) => (choice === taken ? `${choice} (default)` : choice));
      return { name, meaning: `${meaning} ${marked.join(', ')}` };
    }),
  ),
  ...section(
    'faults',
    mechanism.faults.map(({ number, name, claim, never }) => ({
      name: `${number} ${name}`,
      meaning: never === null ? claim : `never: ${never}`,
    })),
  ),
  ...section('invariants', mechanism.invariants),
  ...section('mutants', mechanism.mutants),
];

function section(
  title: string,
  entries: readonly { readonly name: string; readonly meaning: string }[],
): string[] {
  if (entries.length === 0) return ['', `${title}  none`];
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2;
  return ['', title, ...entries.map(({ name, meaning }) => printable(`  ${name.padEnd(width)}${meaning}`))];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
