import { endText } from '../../guests/programs/traced-program.ts';
import { innermostFrame } from '../cause.ts';
import { type CheckContext, consistent, type Verdict } from '../verdict.ts';
import type { Recovered } from './recovery.ts';

/** What a checker module sees of a recovery. */
export interface RecoverySeen {
  /** Null when it was killed or did not end. */
  readonly exitStatus: number | null;
  /** Such as `SIGSEGV`; null when it exited or did not end. */
  readonly signal: string | null;
  /** Whether it ended within its budget of instructions. */
  readonly isEnded: boolean;
  /** Standard output and standard error, as UTF-8. */
  readonly output: string;
  readonly errors: string;
  /** What a file on an NVDIMM holds after the recovery; undefined when there is none. */
  readonly contents: (path: string) => Uint8Array | undefined;
}

/** What a checker module of a campaign on a program gets besides the crash image. */
export interface RecoveryContext extends CheckContext {
  readonly recovery: RecoverySeen;
}

/** What the output of a recovery has to be, by what was promised before the crash: one of these. */
export type ReferencesOf = (promise: unknown) => readonly string[];

/** A verdict on how a recovery ended and what it said: what matches a pattern, or is one of several texts, as far as that is wanted. */
export function recoveryVerdict(
  recovered: Recovered,
  budgetInstructions: number,
  pattern: RegExp | undefined,
  wanted: readonly string[] | undefined,
): Verdict {
  const violating = (reason: string): Verdict => ({ kind: 'violating', reason });
  const { end, output } = recovered;
  const ended = `recovery ${endText(end, budgetInstructions)}`;
  if (end?.why === 'unsupported') return { kind: 'crash', reason: ended };
  if (end?.why !== 'exited') {
    const place = innermostFrame(recovered.killedAt);
    return violating(withLast(place === undefined ? ended : `${ended}, in ${place}`, recovered.errors));
  }
  if (end.status !== 0) return violating(withLast(ended, recovered.errors, output));
  if (pattern !== undefined && !pattern.test(output))
    return violating(`the output of recovery does not match ${pattern}: ${shown(output)}`);
  if (wanted === undefined || wanted.includes(output)) return consistent;
  const [done] = wanted;
  return violating(
    `the output of recovery is that of no run without a crash: ${firstDifference(output, done)}`,
  );
}

/** What a checker module is told of a recovery. */
export function recoverySeen({ end, output, errors, contents }: Recovered): RecoverySeen {
  return {
    exitStatus: end?.why === 'exited' ? end.status : null,
    signal: end?.why === 'killed' ? end.signalName : null,
    isEnded: end !== undefined,
    output,
    errors,
    contents,
  };
}

const SHOWN_MAX = 120;

const cut = (text: string): string => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);

const shown = (text: string): string => JSON.stringify(cut(text));

/** How a recovery ended, and the last line that it wrote, to the first of these that has one. */
function withLast(ended: string, ...outputs: readonly string[]): string {
  const said = outputs.map((text) => text.trimEnd().split('\n').at(-1)).find((line) => line !== '');
  return said === undefined ? ended : `${ended}: ${cut(said.trim())}`;
}

/** The first line in which two outputs differ. */
function firstDifference(output: string, wanted: string): string {
  const [ours, theirs] = [output.split('\n'), wanted.split('\n')];
  const at = ours.findIndex((line, i) => line !== theirs[i]);
  const line = at < 0 ? ours.length : at;
  return `line ${line + 1} is ${shown(ours[line] ?? '')} and should be ${shown(theirs[line] ?? '')}`;
}
