import { type StateView, viewState } from '../../explore/state-view.ts';
import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import { type MemoryView, viewBytes, viewLine } from '../../hardware/persistent-memory/memory-view.ts';
import { placeText } from '../../hardware/persistent-memory/places.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { foldRun, type Mark } from '../../node/fold-run.ts';
import { openRunFile } from '../../node/run-file.ts';
import { eventText } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { stateText } from '../state-text.ts';

export interface ShowOptions {
  readonly at: Mark;
  readonly line?: string;
  readonly bytes?: string;
  readonly platform?: Platform;
  readonly limit: number;
  readonly json?: boolean;
}

/** The state of a run after so many events. */
export async function show(io: Io, path: string, options: ShowOptions): Promise<number> {
  const { at, line, bytes, platform, limit, json = false } = options;
  const run = await openRunFile(path, io.stdin, { platform });
  const { state, index, markers, last } = await foldRun(run, at);
  const memory =
    line !== undefined ? viewLine(state, line) : bytes !== undefined ? viewBytes(state, bytes) : undefined;
  const lastText = last === undefined ? null : eventText(state, last, index - 1);
  const view: StateView | undefined = memory === undefined || json ? viewState(state, markers) : undefined;
  print(
    io.stdout,
    json,
    { command: 'show', file: run.name, lastEvent: lastText, state: view, memory },
    () => [
      `${run.name} after ${index} ${index === 1 ? 'event' : 'events'}${lastText === null ? '' : `, the last one ${lastText}`}`,
      ...(memory !== undefined
        ? memoryText(state, memory)
        : view !== undefined
          ? stateText(view, state.files, limit)
          : []),
    ],
  );
  return STATUS.clean;
}

const ROW_BYTES = 8;

/** Eight bytes a row: what loads see, what the persistence domain has, what the media have. */
function memoryText(state: MemoryState, view: MemoryView): string[] {
  const rows = [
    '',
    `${''.padEnd(24)}${['visible', 'persistence domain', 'media'].map((name) => name.padEnd(20)).join('')}`,
  ];
  for (let at = 0; at < view.sizeBytes; at += ROW_BYTES) {
    const row = (digits: string): string => digits.slice(2 * at, 2 * (at + ROW_BYTES)).padEnd(20);
    const cells = [row(view.visible), row(view.domain), row(view.media)];
    const place = placeText(state, { file: view.file, fileOffset: view.fileOffset + at });
    const differs = new Set(cells).size > 1 ? 'differs' : '';
    rows.push(`${place.padEnd(24)}${cells.join('')}${differs}`.trimEnd());
  }
  return rows;
}
