/**
 * A mechanism as a user's module: a number is kept in two copies. Mutant `m` mends a lost copy with an old number; mutant
 * `n` raises the copy first, which shows without a fault.
 */
export const OWN_MECHANISM = `
const count = (meaning) => ({ type: 'count', meaning, optional: false });
const kind = (meaning, fields = {}) => ({ meaning, since: 1, fields });
export default {
  name: 'own',
  title: 'a number in two copies',
  source: 'a test',
  version: 1,
  policy: {},
  events: {
    'number.raised': kind('The number was raised.', { to: count('the new number') }),
    'copy.raised': kind('So was its copy.', { to: count('the new number') }),
    'copy.lost': kind('The copy cannot be read.'),
    'copy.mended': kind('The copy was written again.', { to: count('the number') }),
  },
  initial: ({ scenario, mutant = null }) => ({ mutant, end: scenario.actors.user.length, number: 0, copy: 0 }),
  evolve: (state, event) => {
    if (event.kind === 'number.raised') state.number = event.to;
    else if (event.kind === 'copy.lost') state.copy = null;
    else state.copy = event.to;
  },
  decide: ({ mutant, end, number, copy }) => {
    const first = mutant === 'n' ? 'copy.raised' : 'number.raised';
    const second = mutant === 'n' ? 'number.raised' : 'copy.raised';
    if (number === end && copy === end) return undefined;
    return number === copy ? { kind: first, to: number + 1 } : { kind: second, to: Math.max(number, copy) };
  },
  recover: ({ mutant, number, copy }) =>
    copy === null ? { kind: 'copy.mended', to: mutant === 'm' ? 0 : number } : undefined,
  faults: [
    { number: 'F10', claim: 'mended', occurrences: ({ copy }) => (copy === null ? [] : [[{ kind: 'copy.lost' }]]) },
    { number: 'F12', claim: 'none', never: 'there is no battery' },
  ],
  reference: { initial: () => ({}), evolve: () => undefined, lost: () => undefined },
  invariants: [
    { name: 'I1', meaning: 'the copy is never ahead', when: 'always', holds: ({ number, copy }) => (copy ?? 0) <= number || 'it is ahead' },
    { name: 'I2', meaning: 'what was mended is the number', when: 'recovered', holds: ({ number, copy }) => copy === number || 'it is old' },
  ],
  mutants: [{ name: 'm', meaning: 'an old number is written' }, { name: 'n', meaning: 'the copy is raised first' }],
  scenarios: [{ name: 'twice', meaning: 'raised twice', world: {}, actors: { user: [{ do: 'raise' }, { do: 'raise' }] } }],
  costs: [],
};
`;
