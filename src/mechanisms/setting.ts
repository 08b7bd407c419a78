import { InputError } from '../kernel/errors.ts';
import type { Mechanism, Scenario, Setting } from './mechanism.ts';

/**
 * The setting of one run: the scenario's choices over the defaults, and a mutant if one is named. Throws `InputError` for
 * a policy, choice or mutant that the mechanism does not have.
 */
export function settingOf(mechanism: Mechanism, scenario: Scenario, mutant?: string): Setting {
  const policy: Record<string, string> = {};
  for (const [name, choice] of Object.entries(mechanism.policy)) policy[name] = choice.default;
  for (const [name, chosen] of Object.entries(scenario.policy ?? {})) {
    const choice = mechanism.policy[name];
    if (choice === undefined) {
      throw new InputError(
        `${mechanism.name}, scenario ${scenario.name}: no policy ${name}; there ${list(mechanism.policy)}`,
      );
    }
    if (!choice.choices.includes(chosen)) {
      throw new InputError(
        `${mechanism.name}, scenario ${scenario.name}: ${name} must be one of ${choice.choices.join(', ')}`,
      );
    }
    policy[name] = chosen;
  }
  if (mutant !== undefined && !mechanism.mutants.some(({ name }) => name === mutant)) {
    throw new InputError(
      `${mechanism.name} has no mutant ${mutant}; it has ${mechanism.mutants.map(({ name }) => name).join(', ')}`,
    );
  }
  return { scenario, policy, mutant };
}

const list = (policies: Mechanism['policy']): string => {
  const names = Object.keys(policies);
  return names.length === 0 ? 'is none' : `are ${names.join(', ')}`;
};
