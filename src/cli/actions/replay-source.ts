import type { Mark } from '../../node/fold-run.ts';
import type { RecordingSource, Replayed } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';

export interface ReplayOptions {
  readonly at?: Mark;
  readonly verify?: boolean;
  readonly check?: string;
  readonly checkTimeout: number;
  readonly mechanism?: string;
  readonly json?: boolean;
}

/** A recording that is to be replayed. */
export interface ReplaySource {
  /** Path, or `standard input`. */
  readonly name: string;
  readonly source: RecordingSource;
  /** Stop after so many events. */
  readonly to: number | undefined;
}

/** What `--json` says of a fold, whatever the machine. */
export const foldJson = ({ index, verified, cut, divergence }: Replayed<object>) => ({
  events: index,
  verifiedEvents: verified,
  cut: cut && { events: cut.index, lastLine: cut.line, droppedBytes: cut.droppedBytes },
  divergence,
});

/** How far checksums and digests confirm a fold, whatever the machine. */
export function foldText({ index, verified, cut, divergence }: Replayed<object>): string[] {
  if (divergence !== undefined) {
    const [after, upTo] = divergence.between;
    return [
      `NOT the same: behind event ${after} and up to event ${upTo} it went another way`,
      `  recorded  ${printable(divergence.expected)}`,
      `  replayed  ${printable(divergence.actual)}`,
    ];
  }
  const lines = [
    verified === index
      ? `the same: checksums and digests confirm all ${index} events`
      : `checksums and digests confirm ${verified} events; the last ${index - verified} have none`,
  ];
  if (cut !== undefined) {
    lines.push(
      `the recording was cut short behind line ${cut.line}; ${cut.droppedBytes} bytes that are no whole line are left out`,
    );
  }
  return lines;
}
