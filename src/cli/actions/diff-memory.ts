import { type StateDifference, stateDifference } from '../../explore/state-difference.ts';
import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { placeText } from '../../hardware/persistent-memory/places.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { plainDifferences } from '../../kernel/plain-differences.ts';
import { plainState } from '../../kernel/plain-state.ts';
import { type FoldedRun, foldRun } from '../../node/fold-run.ts';
import { type RunDifference, runDifference } from '../../node/run-difference.ts';
import type { RunFile } from '../../node/run-file.ts';
import { eventText, printable } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { type DiffOptions, eventsText, headerText, type Place } from './diff-parts.ts';

/** Two places in runs of the persistent-memory machine. */
export async function diffMemoryStates(
  io: Io,
  names: [string, string],
  [one, other]: readonly [Place<RunFile>, Place<RunFile>],
  options: DiffOptions,
): Promise<number> {
  const left = await foldRun(one.run, one.mark);
  return tellStates(io, names, [left, await foldRun(other.run, other.mark)], options);
}

/** Two runs of the persistent-memory machine. */
export const diffMemoryRuns = async (
  io: Io,
  runs: [RunFile, RunFile],
  options: DiffOptions,
): Promise<number> => tellRuns(io, runs, await runDifference(...runs), options);

function tellStates(
  io: Io,
  names: [string, string],
  [one, other]: [FoldedRun, FoldedRun],
  options: DiffOptions,
): number {
  const difference = stateDifference(one.state, other.state);
  const found = {
    command: 'diff',
    files: names,
    indices: [one.index, other.index],
    header: null,
    firstEvent: null,
    events: null,
    firstState: null,
    state: difference,
  };
  print(io.stdout, options.json ?? false, found, () => [
    difference.same
      ? `the states are the same`
      : `${names[0]} (<) and ${names[1]} (>) differ in their states`,
    ...differenceText(difference, one.state.files.length > 0 ? one.state : other.state, options.limit),
  ]);
  return difference.same ? STATUS.clean : STATUS.violation;
}

function tellRuns(
  io: Io,
  [one, other]: [RunFile, RunFile],
  found: RunDifference,
  options: DiffOptions,
): number {
  const { firstEvent, firstState, state, before, events, states } = found;
  const header = plainDifferences(plainState(one.header), plainState(other.header));
  const same = firstEvent === null && firstState === null;
  const isRepeated = header.length === 0 && one.header.inputs.length > 0 && one.kind === 'recording';
  const isBeginning = firstEvent !== null && events.some((list) => list.length === 0); // one was interrupted
  const status = same ? STATUS.clean : isRepeated && !isBeginning ? STATUS.nondeterminism : STATUS.violation;
  const at = (firstEvent ?? 0) - before.length;
  const told = (list: readonly MemoryEvent[], machine: MemoryState, from: number): string[] =>
    list.map((event, i) => eventText(machine, event, from + i));
  const common = told(before, states[0], at);
  const [left, right] = [
    told(events[0], states[0], firstEvent ?? 0),
    told(events[1], states[1], firstEvent ?? 0),
  ];
  const json = {
    command: 'diff',
    files: [one.name, other.name],
    indices: null,
    header,
    firstEvent,
    events: firstEvent === null ? null : { before: common, one: left, other: right },
    firstState,
    state,
  };
  print(io.stdout, options.json ?? false, json, () => [
    same ? 'the runs are the same' : `${one.name} (<) and ${other.name} (>) differ`,
    ...headerText(header),
    ...(firstEvent === null ? [] : eventsText(firstEvent, common, left, right)),
    ...(firstState === null ? [] : [`the state differs first after ${firstState} events`]),
    ...(state === null
      ? []
      : differenceText(state, states[0].files.length > 0 ? states[0] : states[1], options.limit)),
    ...(status === STATUS.nondeterminism
      ? ['the headers promise the same run: it is not deterministic']
      : []),
  ]);
  return status;
}

function differenceText(difference: StateDifference, state: MemoryState, limit: number): string[] {
  const { settings, bytes, pieces, queues, cores } = difference;
  const some = (lines: readonly string[], entries: number): string[] =>
    entries <= limit
      ? [...lines]
      : [...lines, `  … and ${entries - limit} more (--limit ${entries} shows all)`];
  const place = (at: { file: string; fileOffset: number }): string => printable(placeText(state, at));
  const bytesLines = bytes.slice(0, limit).flatMap((line) =>
    (['visible', 'domain', 'media'] as const).flatMap((name) => {
      const pair = line[name];
      return pair === null ? [] : [`  ${place(line)} ${name}`, `  < ${pair[0]}`, `  > ${pair[1]}`];
    }),
  );
  const pieceLines = pieces
    .slice(0, limit)
    .flatMap((line) => [
      `  ${place(line)} pieces outside the persistence domain`,
      ...line.pieces[0].map((piece) => `  < ${piece}`),
      ...line.pieces[1].map((piece) => `  > ${piece}`),
    ]);
  const list = (places: readonly { file: string; fileOffset: number }[]): string =>
    `${places.slice(0, limit).map(place).join(', ')}${places.length > limit ? ` and ${places.length - limit} more` : ''}`;
  return [
    ...settings.map(
      ({ name, values }) => `  ${name}: ${JSON.stringify(values[0])} < > ${JSON.stringify(values[1])}`,
    ),
    ...some(bytesLines, bytes.length),
    ...some(pieceLines, pieces.length),
    ...queues.flatMap(({ controller, onlyOne, onlyOther }) => [
      ...(onlyOne.length > 0 ? [`  queue of controller ${controller} < ${list(onlyOne)}`] : []),
      ...(onlyOther.length > 0 ? [`  queue of controller ${controller} > ${list(onlyOther)}`] : []),
    ]),
    ...cores.map(
      ({ core, name, values }) =>
        `  core ${core}, ${name}: ${JSON.stringify(values[0])} < > ${JSON.stringify(values[1])}`,
    ),
  ];
}
