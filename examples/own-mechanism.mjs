/**
 * A mechanism of one's own in one file: an undo journal with checksums. A transfer moves an amount between two cells in
 * place; what the cells held before is in a journal first, which is sealed before a cell is written and cleared by the
 * commit. Recovery puts back what a sealed journal says, and reports a loss where a record cannot be trusted any more.
 *
 * `node examples/own-mechanism.mjs` runs the campaign over it; `tearline campaign examples/own-mechanism.mjs --mutants` does
 * so in worker threads.
 */
import { fileURLToPath } from 'node:url';
import {
  eventTable,
  evolveBy,
  expectLegal,
  Fixed,
  field,
  lossEvents,
  mechanism,
  runFaultCampaign,
} from 'tearline/mechanisms';

// 1. Events: one for each effect that a crash can separate from another.

const cell = field.count('the cell');
const value = field.count('what it holds');
const events = eventTable({
  ...lossEvents,
  'record.appended': {
    since: 1,
    meaning: 'A record of what a cell holds was appended to the journal.',
    fields: { cell, before: field.count('what it holds'), sum: field.count('checksum of both') },
  },
  'journal.sealed': { since: 1, meaning: 'The journal holds all that the transfer will change.', fields: {} },
  'cell.written': { since: 1, meaning: 'A cell was written in place.', fields: { cell, value } },
  'transfer.committed': {
    since: 1,
    meaning: 'The journal was cleared, and the transfer counted, in one step: the decision point.',
    fields: {},
  },
  'power.lost': { since: 1, meaning: 'Power was lost.', fields: {} },
  'record.damaged': {
    since: 1,
    meaning: 'A record is read back other than it was written.',
    fields: { at: field.count('its position') },
  },
  'power.restored': { since: 1, meaning: 'Power is back, and the journal is looked at.', fields: {} },
  'cell.restored': { since: 1, meaning: 'Recovery put a cell back.', fields: { cell, value } },
  'record.dropped': { since: 1, meaning: 'Recovery dropped the last record.', fields: {} },
  'recovery.completed': { since: 1, meaning: 'The journal is empty: transfers go on.', fields: {} },
});

/**
 * @typedef {import('tearline/mechanisms').EventOf<typeof events>} Event
 * @typedef {{ cell: number, before: number, sum: number }} JournalRecord
 * @typedef {{ from: number, to: number, amount: number }} Transfer
 *
 * @typedef {object} State
 * @property {Fixed<{ transfers: readonly Transfer[], mutant: string | undefined }>} setup
 * @property {number[]} cells on the medium, as all that follows up to `done`
 * @property {JournalRecord[]} journal
 * @property {boolean} sealed
 * @property {number} done transfers that are committed
 * @property {number} written cells that the open transfer has written; lost with power, as `undone` is
 * @property {boolean} undone the last record's cell was put back
 * @property {'running' | 'off' | 'recovering' | 'lost'} condition
 */

/** @param {number} cell @param {number} before */
const sumOf = (cell, before) => (31 * cell + 17 * before + 7) % 997;

// 2. The reducer: checks first, changes after, decides nothing.

/** @type {import('tearline/mechanisms').Reducers<State, typeof events>} */
const reducers = {
  'record.appended': (state, event) => {
    expectLegal(state.condition === 'running', event, 'nothing runs');
    state.journal.push({ cell: event.cell, before: event.before, sum: event.sum });
  },
  'journal.sealed': (state, event) => {
    expectLegal(state.condition === 'running', event, 'nothing runs');
    state.sealed = true;
  },
  'cell.written': (state, event) => {
    expectLegal(
      state.condition === 'running' && event.cell < state.cells.length,
      event,
      'no such cell, or no power',
    );
    state.cells[event.cell] = event.value;
    state.written++;
  },
  'transfer.committed': (state, event) => {
    expectLegal(state.condition === 'running', event, 'nothing runs');
    Object.assign(state, { journal: [], sealed: false, written: 0, done: state.done + 1 });
  },
  'power.lost': (state, event) => {
    expectLegal(state.condition !== 'off', event, 'there is no power');
    Object.assign(state, { condition: 'off', written: 0, undone: false });
  },
  'record.damaged': (state, event) => {
    expectLegal(event.at < state.journal.length, event, 'there is no such record');
    state.journal[event.at].before++;
  },
  'power.restored': (state, event) => {
    expectLegal(state.condition === 'off', event, 'there is power');
    state.condition = 'recovering';
  },
  'cell.restored': (state, event) => {
    expectLegal(
      state.condition === 'recovering' && event.cell < state.cells.length,
      event,
      'no such cell, or no recovery',
    );
    state.cells[event.cell] = event.value;
    state.undone = true;
  },
  'record.dropped': (state, event) => {
    expectLegal(state.condition === 'recovering' && state.journal.length > 0, event, 'there is no record');
    state.journal.pop();
    state.undone = false;
  },
  'recovery.completed': (state, event) => {
    expectLegal(state.condition === 'recovering', event, 'nothing is recovered');
    Object.assign(state, { condition: 'running', sealed: false });
  },
  'loss.reported': (state, event) => {
    expectLegal(state.condition === 'recovering', event, 'nothing is recovered');
    state.condition = 'lost';
  },
};

// 3. What happens next: in the scenario, and in recovery. Mutants are switches here.

/** @param {State} state @returns {Event | undefined} */
function decide({ setup, cells, journal, sealed, done, written, condition }) {
  const { transfers, mutant } = setup.value;
  const transfer = transfers[done];
  if (condition !== 'running' || transfer === undefined) return undefined;
  const changes = [
    { cell: transfer.from, change: -transfer.amount },
    { cell: transfer.to, change: transfer.amount },
  ];
  if (journal.length < changes.length) {
    const { cell } = changes[journal.length];
    return { kind: 'record.appended', cell, before: cells[cell], sum: sumOf(cell, cells[cell]) };
  }
  const isSealed = sealed || (mutant === 'M1' && written < 1);
  if (!isSealed) return { kind: 'journal.sealed' };
  if (written < (mutant === 'M4' ? 1 : changes.length)) {
    const { cell, change } = changes[written];
    return { kind: 'cell.written', cell, value: cells[cell] + change };
  }
  return { kind: 'transfer.committed' };
}

/** @param {State} state @returns {Event | undefined} */
function recover({ setup, journal, sealed, undone, condition }) {
  const { mutant } = setup.value;
  if (condition === 'off') return { kind: 'power.restored' };
  if (condition !== 'recovering') return undefined;
  const last = journal[journal.length - 1];
  if (last === undefined) return { kind: 'recovery.completed' };
  // Nothing was written under a journal that is not sealed.
  if (!sealed || undone) return { kind: 'record.dropped' };
  const bad = journal.findIndex(({ cell, before, sum }) => sumOf(cell, before) !== sum);
  if (bad >= 0 && mutant !== 'M2') return { kind: 'loss.reported', what: `record ${bad} of the journal` };
  if (mutant === 'M3') return { kind: 'record.dropped' };
  return { kind: 'cell.restored', cell: last.cell, value: last.before };
}

// 4. The naive reference: it sees only the events, and says what must be and what is lost.

/**
 * @typedef {object} Reference
 * @property {number[]} committed what the cells must hold when no transfer is open
 * @property {number[]} now what was written to them
 * @property {number} total of all cells in the beginning
 * @property {boolean[]} damaged of each record in the journal, whether it can be trusted no more
 * @property {boolean} sealed
 * @property {boolean} undone
 * @property {boolean} inDoubt power was lost, and recovery is not at its end
 */

/** @param {Reference} reference @param {Event} event */
function follow(reference, event) {
  switch (event.kind) {
    case 'record.appended':
      reference.damaged.push(false);
      break;
    case 'journal.sealed':
      reference.sealed = true;
      break;
    case 'cell.written':
      reference.now[event.cell] = event.value;
      break;
    case 'transfer.committed':
      Object.assign(reference, { committed: reference.now.slice(), damaged: [], sealed: false });
      break;
    case 'power.lost':
      Object.assign(reference, { inDoubt: true, undone: false });
      break;
    case 'record.damaged':
      reference.damaged[event.at] = true;
      break;
    case 'cell.restored':
      reference.now[event.cell] = event.value;
      reference.undone = true;
      break;
    case 'record.dropped':
      reference.damaged.pop();
      reference.undone = false;
      break;
    case 'recovery.completed':
      Object.assign(reference, { inDoubt: false, sealed: false });
      break;
  }
}

/** @param {Reference} reference */
function lost({ damaged, sealed, undone, inDoubt }) {
  const needed = undone ? damaged.slice(0, -1) : damaged;
  return inDoubt && sealed && needed.includes(true) ? 'what a cell held before the transfer' : undefined;
}

// 5. All of it together, with what must hold and in which worlds.

/** @param {State} state @param {Reference} reference */
const differs = ({ cells }, { committed }) => cells.findIndex((held, at) => held !== committed[at]);

const undoJournal = mechanism({
  name: 'undo-journal',
  title: 'transfers in place under an undo journal with checksums',
  source: 'textbooks on recovery',
  version: 1,
  policy: {},
  events,
  /** @returns {State} */
  initial: ({ scenario, mutant }) => ({
    setup: new Fixed({ transfers: scenario.actors.teller.map(transferOf), mutant }),
    cells: cellsOf(scenario),
    journal: [],
    sealed: false,
    done: 0,
    written: 0,
    undone: false,
    condition: 'running',
  }),
  evolve: evolveBy(reducers),
  decide,
  recover,
  faults: [
    {
      number: 'F1',
      claim: 'power is lost, also during recovery: the open transfer is undone',
      occurrences: ({ condition }) =>
        condition === 'off' || condition === 'lost' ? [] : [[{ kind: 'power.lost' }]],
    },
    {
      number: 'F9',
      claim: 'the last record is torn by the loss of power: nothing was written under it',
      occurrences: ({ journal, sealed, condition }) =>
        condition !== 'running' || sealed || journal.length === 0
          ? []
          : [[{ kind: 'record.damaged', at: journal.length - 1 }, { kind: 'power.lost' }]],
    },
    {
      number: 'F11',
      claim: 'a record is damaged: noticed, and reported as a loss where it was needed',
      occurrences: ({ journal, condition }) =>
        condition === 'lost' ? [] : journal.map((_, at) => [{ kind: 'record.damaged', at }]),
    },
  ],
  reference: {
    /** @returns {Reference} */
    initial: ({ scenario }) => ({
      committed: cellsOf(scenario),
      now: cellsOf(scenario),
      total: total(cellsOf(scenario)),
      damaged: [],
      sealed: false,
      undone: false,
      inDoubt: false,
    }),
    evolve: follow,
    lost,
  },
  invariants: [
    {
      name: 'I1',
      meaning: 'a cell is written only under a sealed journal that has a record of it',
      when: 'always',
      holds: (state, reference) => {
        const at = differs(state, reference);
        const isCovered = state.sealed && state.journal.some((record) => record.cell === at);
        return at < 0 || isCovered || `cell ${at} is not that of the last commit, and nothing says what was`;
      },
    },
    {
      name: 'I2',
      meaning: 'recovery brings back what the last commit left',
      when: 'recovered',
      holds: (state, reference) => {
        const at = differs(state, reference);
        return at < 0 || `cell ${at} holds ${state.cells[at]}, not ${reference.committed[at]}`;
      },
    },
    {
      name: 'I3',
      meaning: 'where no transfer is open, the cells hold as much as in the beginning',
      when: 'always',
      holds: (_, { now, total: all, damaged }) =>
        damaged.length > 0 || total(now) === all || `the cells hold ${total(now)} together, not ${all}`,
    },
  ],
  mutants: [
    { name: 'M1', meaning: 'the first cell is written before the journal is sealed' },
    { name: 'M2', meaning: 'recovery trusts a record without looking at its checksum' },
    { name: 'M3', meaning: 'recovery drops a record without putting the cell back' },
    { name: 'M4', meaning: 'the transfer is committed before its second cell is written' },
  ],
  scenarios: [
    {
      name: 'two-transfers',
      meaning: 'two transfers that share a cell',
      world: { cells: [5, 0, 3] },
      actors: {
        teller: [
          { do: 'transfer', from: 0, to: 1, amount: 2 },
          { do: 'transfer', from: 2, to: 1, amount: 1 },
        ],
      },
    },
  ],
  costs: [
    {
      name: 'mediumWrites',
      meaning: 'writes to the medium',
      fold: 'sum',
      of: ({ kind }) => (kind === 'power.lost' || kind === 'power.restored' ? 0 : 1),
    },
  ],
});

// The command line looks for a default export.
export default undoJournal;

/** @param {import('tearline/mechanisms').Scenario} scenario */
function cellsOf({ world }) {
  return Array.isArray(world.cells) ? world.cells.map(Number) : [];
}

/** @param {import('tearline/mechanisms').Instruction} instruction @returns {Transfer} */
function transferOf({ from, to, amount }) {
  return { from: Number(from), to: Number(to), amount: Number(amount) };
}

/** @param {readonly number[]} cells */
function total(cells) {
  return cells.reduce((sum, held) => sum + held, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { injections, states, violations, unrecoverable, mutants } = runFaultCampaign(undoJournal);
  console.log(
    `${injections} faults, ${states} states: ${violations} violations, ${unrecoverable} honest losses`,
  );
  for (const [mutant, invariant] of Object.entries(mutants.caughtBy))
    console.log(`${mutant} caught by ${invariant}`);
}
