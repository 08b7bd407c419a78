import { runVerdictOf } from '../explore/fault-campaign/run-verdict.ts';
import { reproductionOf } from '../explore/reproduction.ts';
import type { ListedRecording } from '../node/list-recordings.ts';
import { persistentMemory, programRun } from '../recordings/recordings.ts';
import { printable } from './event-text.ts';

/** What `list` says of a recording. */
export interface ListedRow {
  readonly file: string;
  readonly model: string | null;
  readonly scenario: string | null;
  readonly platform: string | null;
  readonly mutant: string | null;
  readonly events: number | null;
  readonly complete: boolean | null;
  readonly verdict: string | null;
  /** The cause of a violation, or the invariant that does not hold and why. */
  readonly cause: string | null;
  /** Why it cannot be read. */
  readonly problem: string | null;
}

export function rowOf({ file, header, events, cut, verdict, problem }: ListedRecording): ListedRow {
  const found = header === undefined || verdict === undefined ? undefined : verdictIn(header.model, verdict);
  const known = typeof found === 'object' ? found : undefined;
  const platform = header?.configuration['platform'];
  return {
    file,
    model: header?.model ?? null,
    scenario: header?.scenario ?? null,
    platform: typeof platform === 'string' ? platform : null,
    mutant: header?.mutants[0] ?? null,
    events: problem === undefined ? events : null,
    complete: problem === undefined ? !cut : null,
    verdict: known?.kind ?? null,
    cause: known?.cause ?? null,
    problem: problem ?? (typeof found === 'string' ? found : null),
  };
}

function verdictIn(
  model: string,
  verdict: NonNullable<ListedRecording['verdict']>,
): { kind: string; cause: string | null } | string {
  if (model === persistentMemory.model.name) return reproductionOf(verdict);
  const found = runVerdictOf(verdict);
  if (typeof found === 'string') return found;
  const { kind, invariant, message } = found;
  return { kind, cause: invariant === null ? message : `${invariant}, ${message}` };
}

export function rowText(row: ListedRow): string {
  const { file, model, scenario, platform, mutant, events, complete, verdict, cause, problem } = row;
  if (problem !== null) return `  ${printable(file)}  ${printable(problem)}`;
  const machine = `${platform ?? model}${mutant === null ? '' : ` with mutant ${mutant}`}`;
  const lines = model === programRun.model.name ? 'lines of digests' : 'events';
  const found = verdict === null ? '' : `  ${verdict}${cause === null ? '' : `: ${cause}`}`;
  return printable(
    `  ${file}  ${events} ${lines}${complete ? '' : ', cut short'}, ${machine}  ${scenario ?? ''}${found}`,
  );
}
