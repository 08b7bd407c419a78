import type { AnyEvent } from '../../kernel/event-table.ts';
import { type PlainDifference, plainDifferences } from '../../kernel/plain-differences.ts';
import { plainState } from '../../kernel/plain-state.ts';
import { foldMechanismRun } from '../../node/fold-mechanism-run.ts';
import { eventsUpTo, type MechanismRun } from '../../node/mechanism-run.ts';
import { mechanismRunDifference } from '../../node/mechanism-run-difference.ts';
import { mechanismEventText } from '../mechanism-event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { type DiffOptions, eventsText, headerText, memberText, type Place } from './diff-parts.ts';

/** Two places in runs of one mechanism. */
export async function diffMechanismStates(
  io: Io,
  names: [string, string],
  places: readonly [Place<MechanismRun>, Place<MechanismRun>],
  { limit, json = false }: DiffOptions,
): Promise<number> {
  const indices = places.map(({ run, mark }) => eventsUpTo(run, mark));
  const [one, other] = places.map(({ run }, at) => plainState(foldMechanismRun(run, indices[at]).state));
  const state = plainDifferences(one, other);
  const found = {
    command: 'diff',
    files: names,
    indices,
    header: null,
    firstEvent: null,
    events: null,
    firstState: null,
    state: stateJson(state),
  };
  print(io.stdout, json, found, () => [
    state.length === 0
      ? 'the states are the same'
      : `${names[0]} (<) and ${names[1]} (>) differ in their states`,
    ...stateText(state, limit),
  ]);
  return state.length === 0 ? STATUS.clean : STATUS.violation;
}

/** Two runs of one mechanism. */
export async function diffMechanismRuns(
  io: Io,
  [one, other]: [MechanismRun, MechanismRun],
  { limit, json = false }: DiffOptions,
): Promise<number> {
  const { firstEvent, before, events, firstState, state } = mechanismRunDifference(one, other);
  const header = plainDifferences(plainState(one.header), plainState(other.header));
  const same = firstEvent === null && firstState === null;
  const status = same
    ? STATUS.clean
    : header.length === 0 && isWithoutFaults(one) && isWithoutFaults(other)
      ? STATUS.nondeterminism
      : STATUS.violation;
  const at = firstEvent ?? 0;
  const told = (list: readonly AnyEvent[], from: number): string[] =>
    list.map((event, i) => mechanismEventText(one.mechanism.events, event, from + i));
  const common = told(before, at - before.length);
  const [left, right] = [told(events[0], at), told(events[1], at)];
  const found = {
    command: 'diff',
    files: [one.name, other.name],
    indices: null,
    header,
    firstEvent,
    events: firstEvent === null ? null : { before: common, one: left, other: right },
    firstState,
    state: state && stateJson(state),
  };
  print(io.stdout, json, found, () => [
    same ? 'the runs are the same' : `${one.name} (<) and ${other.name} (>) differ`,
    ...headerText(header),
    ...(firstEvent === null ? [] : eventsText(firstEvent, common, left, right)),
    ...(firstState === null ? [] : [`the state differs first after ${firstState} events`]),
    ...stateText(state ?? [], limit),
    ...(status === STATUS.nondeterminism
      ? ['the headers promise the same run: it is not deterministic']
      : []),
  ]);
  return status;
}

/** Whether it is all that the mechanism does by itself: complete, and known to be without a fault. */
const isWithoutFaults = ({ verdict, isCut }: MechanismRun): boolean =>
  !isCut && verdict !== undefined && verdict.faults.length === 0;

const stateJson = (differences: readonly PlainDifference[]) => ({
  same: differences.length === 0,
  members: differences,
});

function stateText(differences: readonly PlainDifference[], limit: number): string[] {
  const lines = differences.slice(0, limit).map((difference) => `  ${memberText(difference)}`);
  if (differences.length > limit)
    lines.push(`  … and ${differences.length - limit} more (--limit ${differences.length} shows all)`);
  return lines;
}
