import { type StateView, viewState } from '../../explore/state-view.ts';
import { type MemoryView, viewBytes, viewLine } from '../../hardware/persistent-memory/memory-view.ts';
import { placeText } from '../../hardware/persistent-memory/places.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { foldRun } from '../../node/fold-run.ts';
import { type ProgramMoment, programMoment } from '../../node/program-moment.ts';
import { recordedProgram } from '../../node/recorded-program.ts';
import type { RunFile } from '../../node/run-file.ts';
import { eventText, printable } from '../event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { stateText } from '../state-text.ts';
import { momentText } from './moment-text.ts';
import type { ShowOptions } from './show-options.ts';

/** The state of the persistent-memory machine after so many events. */
export async function showMemory(io: Io, run: RunFile, options: ShowOptions): Promise<number> {
  const { at, line, bytes, limit, json = false } = options;
  let executed = 0;
  const { state, index, markers, last } = await foldRun(run, at, (event) => {
    if ('executed' in event) executed = event.executed ?? executed;
  });
  const memory =
    line !== undefined ? viewLine(state, line) : bytes !== undefined ? viewBytes(state, bytes) : undefined;
  const lastText = last === undefined ? null : eventText(state, last, index - 1);
  const view: StateView | undefined = memory === undefined || json ? viewState(state, markers) : undefined;
  const moment = index === 0 ? undefined : momentIn(run, executed);
  print(
    io.stdout,
    json,
    {
      command: 'show',
      file: run.name,
      lastEvent: lastText,
      state: view,
      memory,
      program: typeof moment === 'string' ? { obstacle: moment } : moment,
    },
    () => [
      `${run.name} after ${index} ${index === 1 ? 'event' : 'events'}${lastText === null ? '' : `, the last one ${lastText}`}`,
      ...(memory !== undefined
        ? memoryText(state, memory)
        : view !== undefined
          ? stateText(view, state.files, limit)
          : []),
      ...(moment === undefined
        ? []
        : typeof moment === 'string'
          ? ['', `the program was not run again: ${printable(moment)}`]
          : ['', ...momentText(moment)]),
    ],
  );
  return STATUS.clean;
}

/** Of a program’s run: the instruction that the last event came from; a text where the program is not at hand. */
function momentIn({ name, header }: RunFile, executed: number): ProgramMoment | string | undefined {
  const program = recordedProgram(name, header);
  return program && (program.obstacle ?? programMoment(program, executed));
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
