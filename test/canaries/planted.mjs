import { allMechanisms } from 'tearline/mechanisms';

/**
 * A mechanism with a defect that nobody is told of.
 * @param {string} name
 * @param {string} mutant
 */
export function planted(name, mutant) {
  const mechanism = allMechanisms.find((one) => one.name === name);
  if (mechanism === undefined) throw new Error(`there is no mechanism ${name}`);
  return {
    ...mechanism,
    name: `canary-${name}`,
    mutants: [],
    /** @param {import('tearline/mechanisms').Setting} setting */
    initial: (setting) => mechanism.initial({ ...setting, mutant }),
  };
}
