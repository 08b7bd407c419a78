import type { RecordingHeader } from './header.ts';
import type { JsonRecord } from './recording-type.ts';

/** What a recording consists of, in the order in which it comes. */
export type RecordingPart<Event> =
  | { readonly type: 'header'; readonly header: RecordingHeader }
  /**
   * Events up to the next check line, or to where the reader was asked to stop; of a live recording, those that came with
   * one chunk. They are confirmed when a check line with the right checksum follows.
   */
  | {
      readonly type: 'events';
      readonly firstIndex: number;
      readonly events: readonly Event[];
      readonly confirmed: boolean;
    }
  /** The digest of the state after so many events, as it was when it was recorded. */
  | { readonly type: 'check'; readonly index: number; readonly digest: string }
  | { readonly type: 'verdict'; readonly verdict: JsonRecord }
  /** The recorder completed it. */
  | { readonly type: 'end'; readonly index: number; readonly digest: string }
  /** The recorder did not complete it: it ends here, and what stands behind its last whole line is left out. */
  | ({ readonly type: 'cut' } & RecordingCut);

export interface RecordingCut {
  /** Events that could be read. */
  readonly index: number;
  /** Number of the last whole line. */
  readonly line: number;
  /** Bytes that form no whole line, after decompression. */
  readonly droppedBytes: number;
  /** Why the source failed; of live recordings that did not simply end. */
  readonly failure?: string;
}

/** Events between two check lines. */
export const CHECK_EVENTS = 1000;

export const encodeCheck = (
  member: 'check' | 'end',
  index: number,
  checksum: number,
  digest: string,
): string => `{"${member}":${index},"checksum":"${hex32(checksum)}","digest":"${digest}"}`;

export const hex32 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
