import { eventTable, field } from '../../../kernel/event-table.ts';

const block = field.count('number of the block');
const offsetBytes = field.count('where in the block the bytes begin');
const data = field.bytes('the bytes', 65536);

/** What the controller does with its shadow and its post-image buffers. Source: sheet S13.1. */
export const localShadowEvents = eventTable({
  'entry.captured': {
    since: 1,
    meaning: 'A write was appended to the open buffer.',
    fields: {
      source: field.choice(['processor', 'device', 'firmware'], 'who wrote'),
      block,
      offsetBytes,
      data,
    },
  },
  'buffer.limited': {
    since: 1,
    meaning:
      'The open buffer takes fewer entries than it should, besides those that it keeps for a checkpoint.',
    fields: { entries: field.count('how many') },
  },
  'buffer.sealed': {
    since: 1,
    meaning: 'The open buffer was sealed: with it the shadow is the new checkpoint. The decision point.',
    fields: {},
  },
  'entry.drained': {
    since: 1,
    meaning: 'An entry of a buffer was written to the shadow.',
    fields: { block, offsetBytes, data },
  },
  'entry.freed': {
    since: 1,
    meaning:
      'An entry of the sealed buffer is in the shadow, and was given up. Without entries the buffer is drained.',
    fields: { entry: field.count('which of those that are left, from the oldest') },
  },
  'buffer.dropped': {
    since: 1,
    meaning: 'Rollback emptied the open buffer.',
    fields: {},
  },
  'restore.begun': {
    since: 1,
    meaning: 'Rollback began to bring blocks back from the shadow.',
    fields: {},
  },
  'shadow.distrusted': {
    since: 1,
    meaning:
      'An entry that was still to be drained cannot be read, nor which block it is for: no block of the shadow counts until it is written whole.',
    fields: {},
  },
  'shadow.mended': {
    since: 1,
    meaning:
      'A block of the shadow was copied from system memory, which had not changed since the checkpoint.',
    fields: { block },
  },
  'status.rebuilt': {
    since: 1,
    meaning: 'The status of the buffers was lost, and written again: they are empty.',
    fields: {},
  },
});
