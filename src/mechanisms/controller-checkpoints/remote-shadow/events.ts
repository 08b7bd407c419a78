import { hostEvents } from '../../../hardware/host.ts';
import { linkEvents } from '../../../hardware/link.ts';
import { type EventOf, type EventOfKind, eventTable, field } from '../../../kernel/event-table.ts';

const block = field.count('number of the block');
const epoch = field.count('the epoch');
const data = field.bytes('the whole block', 65536);

/** What primary and backup do with post-images, and what befalls them and the links between. Source: sheet S13.2. */
export const remoteShadowEvents = eventTable({
  ...linkEvents,
  'host.failed': hostEvents['host.failed'],
  'host.suspected': hostEvents['host.suspected'],
  'host.fenced': hostEvents['host.fenced'],
  'host.restarted': hostEvents['host.restarted'],
  'entry.captured': {
    since: 1,
    meaning:
      'A post-image was put into the send buffer; on a backup that has taken over, into its receive buffer at once.',
    fields: {
      block,
      data,
      recaptured: field.flag('nothing was written: the backup had lost its copy of the block'),
    },
  },
  'captures.dropped': {
    since: 1,
    meaning: 'The primary emptied its send buffer: the backup has all of it, or rollback has undone it.',
    fields: {},
  },
  'buffer.filled': {
    since: 1,
    meaning: 'Something else took all room for post-images but that of a checkpoint. Fault F18.',
    fields: {},
  },
  'buffer.discarded': {
    since: 1,
    meaning: 'The backup emptied its receive buffer without a checkpoint.',
    fields: {},
  },
  'commit.recorded': {
    since: 1,
    meaning:
      'The backup recorded, durably, that it has all of an epoch; its receive buffer became part of the sealed one. The decision point.',
    fields: { epoch },
  },
  'entry.applied': {
    since: 1,
    meaning: 'The backup wrote a post-image to the shadow; from the sealed buffer it took it out, too.',
    fields: { buffer: field.choice(['sealed', 'open'], 'where it was'), block, data },
  },
  'checkpoint.skipped': {
    since: 1,
    meaning: 'The link is cut, and the primary goes on without this checkpoint. Output stays held.',
    fields: {},
  },
  'connection.reopened': {
    since: 1,
    meaning:
      'Both directions were opened anew: what was under way is void. In the handshake the backup said what it last recorded.',
    fields: { epoch },
  },
  'copy.failed': {
    since: 1,
    meaning: 'An uncorrectable error was found in a memory that holds copies; the machine runs on.',
    fields: {
      area: field.choice(['shadow', 'receive buffer', 'sealed buffer'], 'which memory'),
      at: field.count('the block of the shadow, or place of the entry in the buffer'),
    },
  },
  'takeover.begun': {
    since: 1,
    meaning: 'The backup became the machine, with empty caches and memory, from its shadow.',
    fields: {},
  },
});

export type RemoteShadowEvent = EventOf<typeof remoteShadowEvents>;
export type RemoteShadowEventOf<K extends keyof typeof remoteShadowEvents> = EventOfKind<
  typeof remoteShadowEvents,
  K
>;
