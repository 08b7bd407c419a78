import { faultKinds } from '../../explore/faults.ts';
import { reproductionOf } from '../../explore/reproduction.ts';
import { PLATFORMS, type Platform } from '../../hardware/persistent-memory/configuration.ts';
import { memoryEvents } from '../../hardware/persistent-memory/events.ts';
import type { EventDeclaration } from '../../kernel/event-table.ts';
import { type ListedRecording, listRecordings } from '../../node/list-recordings.ts';
import { printable } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';

export interface ListOptions {
  readonly events?: boolean;
  readonly json?: boolean;
}

const REPLAYS = 'replays';

const PLATFORM_MEANINGS: Readonly<Record<Platform, string>> = {
  P0: 'no ADR: media survive; durable once a flush hint is done',
  P1: 'ADR: media and write pending queues survive; durable once accepted by a queue',
  P1f: 'ADR that fails at this crash: as P0',
  P2: 'eADR: media, queues and caches survive; durable once visible',
};

/** What there is. */
export async function list(
  io: Io,
  directory: string | undefined,
  { events = false, json = false }: ListOptions,
): Promise<number> {
  const recordings = await listRecordings(directory ?? REPLAYS, directory === undefined);
  const kinds = Object.entries(memoryEvents).map(
    ([kind, { meaning, since, fields }]: [string, EventDeclaration]) => ({
      kind,
      meaning,
      since,
      fields: Object.entries(fields).map(([name, { type, meaning: of, optional, choices }]) => {
        return { name, type, meaning: of, optional, choices: choices ?? null };
      }),
    }),
  );
  const platforms = PLATFORMS.map((name) => ({ name, meaning: PLATFORM_MEANINGS[name] }));
  const rows = recordings.map(rowOf);
  const found = {
    command: 'list',
    faults: faultKinds,
    platforms,
    events: events ? kinds : null,
    recordings: rows,
  };
  print(io.stdout, json, found, () =>
    events
      ? kinds.flatMap(({ kind, meaning, since, fields }) => [
          `${kind}  (since version ${since})`,
          `  ${meaning}`,
          ...fields.map(({ name, type, meaning: of, optional, choices }) => {
            return `    ${name}: ${choices?.join(' | ') ?? type}${optional ? ', optional' : ''}  ${of}`;
          }),
        ])
      : [
          'faults',
          ...faultKinds.map(
            ({ number, name, meaning, injected }) =>
              `  ${number.padEnd(4)}${name.padEnd(17)}--fault ${injected.padEnd(12)}  ${meaning}`,
          ),
          '',
          'platforms',
          ...platforms.map(({ name, meaning }) => `  ${name.padEnd(4)}${meaning}`),
          '',
          `recordings in ${directory ?? REPLAYS}`,
          ...(rows.length === 0 ? ['  none'] : rows.map(rowText)),
        ],
  );
  return STATUS.clean;
}

interface Row {
  readonly file: string;
  readonly scenario: string | null;
  readonly platform: string | null;
  readonly events: number | null;
  readonly complete: boolean | null;
  readonly verdict: string | null;
  readonly cause: string | null;
  /** Why it cannot be read. */
  readonly problem: string | null;
}

function rowOf({ file, header, events, cut, verdict, problem }: ListedRecording): Row {
  const reproduction = verdict === undefined ? undefined : reproductionOf(verdict);
  const known = typeof reproduction === 'object' ? reproduction : undefined;
  const platform = header?.configuration['platform'];
  return {
    file,
    scenario: header?.scenario ?? null,
    platform: typeof platform === 'string' ? platform : null,
    events: problem === undefined ? events : null,
    complete: problem === undefined ? !cut : null,
    verdict: known?.kind ?? null,
    cause: known?.cause ?? null,
    problem: problem ?? (typeof reproduction === 'string' ? reproduction : null),
  };
}

function rowText({ file, scenario, platform, events, complete, verdict, cause, problem }: Row): string {
  if (problem !== null) return `  ${printable(file)}  ${printable(problem)}`;
  const found = verdict === null ? '' : `  ${verdict}${cause === null ? '' : `: ${printable(cause)}`}`;
  return `  ${printable(file)}  ${events} events${complete ? '' : ', cut short'}, ${platform ?? ''}  ${printable(scenario ?? '')}${found}`;
}
