import { faultKinds } from '../../explore/faults.ts';
import { PLATFORMS, type Platform } from '../../hardware/persistent-memory/configuration.ts';
import { memoryEvents } from '../../hardware/persistent-memory/events.ts';
import { InputError } from '../../kernel/errors.ts';
import type { EventTable } from '../../kernel/event-table.ts';
import { allMechanisms } from '../../mechanisms/all.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { listRecordings } from '../../node/list-recordings.ts';
import { findMechanisms, isMechanismName, isModule, loadMechanism } from '../../node/mechanism-source.ts';
import { kindsOf, kindsText } from '../listed-events.ts';
import { detailsText, listedMechanism, mechanismsText } from '../listed-mechanism.ts';
import { type ListedRow, rowOf, rowText } from '../listed-recording.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';

export interface ListOptions {
  readonly events?: boolean;
  readonly mechanism?: string;
  readonly json?: boolean;
}

const REPLAYS = 'replays';

const PLATFORM_MEANINGS: Readonly<Record<Platform, string>> = {
  P0: 'no ADR: media survive; durable once a flush hint is done',
  P1: 'ADR: media and write pending queues survive; durable once accepted by a queue',
  P1f: 'ADR that fails at this crash: as P0',
  P2: 'eADR: media, queues and caches survive; durable once visible',
};
const platforms = PLATFORMS.map((name) => ({ name, meaning: PLATFORM_MEANINGS[name] }));

/** What there is. */
export async function list(
  io: Io,
  what: string | undefined,
  { events = false, mechanism: module, json = false }: ListOptions,
): Promise<number> {
  const wanted =
    what !== undefined && (isMechanismName(what) || isModule(what)) ? await findMechanisms(what) : undefined;
  const directory = wanted === undefined ? what : undefined;
  const own = module === undefined ? [] : [await loadMechanism(module)];
  const mechanisms = wanted ?? [...allMechanisms, ...own];
  const recordings = await listRecordings(directory ?? REPLAYS, directory === undefined, mechanisms);
  const rows = recordings
    .map(rowOf)
    .filter(({ model }) => wanted === undefined || wanted.some(({ name }) => name === model));
  const kinds = events ? kindsOf(tableOf(wanted)) : null;
  const found = {
    command: 'list',
    faults: faultKinds,
    platforms,
    mechanisms: mechanisms.map(listedMechanism),
    events: kinds,
    recordings: rows,
  };
  print(io.stdout, json, found, () => {
    if (kinds !== null) return kindsText(kinds);
    const begin =
      wanted === undefined ? overviewText(mechanisms) : wanted.map(listedMechanism).flatMap(detailsText);
    return [...begin, '', ...rowsText(directory ?? REPLAYS, rows)];
  });
  return STATUS.clean;
}

function tableOf(wanted: readonly Mechanism[] | undefined): EventTable {
  if (wanted === undefined) return memoryEvents;
  if (wanted.length === 1) return wanted[0].events;
  throw new InputError(
    `each mechanism has its own events: give one of ${wanted.map(({ name }) => name).join(', ')}`,
  );
}

const overviewText = (mechanisms: readonly Mechanism[]): string[] => [
  'faults',
  ...faultKinds.map(
    ({ number, name, meaning, injected }) =>
      `  ${number.padEnd(4)}${name.padEnd(17)}--fault ${injected.padEnd(12)}  ${meaning}`,
  ),
  '',
  'platforms',
  ...platforms.map(({ name, meaning }) => `  ${name.padEnd(4)}${meaning}`),
  '',
  'mechanisms (tearline list NAME tells more)',
  ...mechanismsText(mechanisms.map(listedMechanism)),
];

const rowsText = (directory: string, rows: readonly ListedRow[]): string[] => [
  `recordings in ${directory}`,
  ...(rows.length === 0 ? ['  none'] : rows.map(rowText)),
];
