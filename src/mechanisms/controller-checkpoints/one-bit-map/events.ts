import { eventTable, field } from '../../../kernel/event-table.ts';

const block = field.count('number of the block');

/** What the controller does with its shadow, its bit map and its copy-in-progress flag. Source: sheet S13.3. */
export const oneBitMapEvents = eventTable({
  'map.marked': { since: 1, meaning: 'The bit of a block was set: it is modified.', fields: { block } },
  'map.cleared': { since: 1, meaning: 'The bit of a block was cleared.', fields: { block } },
  'map.rebuilt': {
    since: 1,
    meaning: 'The map was lost: every block is taken to be modified.',
    fields: {},
  },
  'flag.set': {
    since: 1,
    meaning: 'Copying is in progress, and system memory is the checkpoint: the decision point.',
    fields: {},
  },
  'flag.cleared': {
    since: 1,
    meaning: 'No copying is in progress: the shadow is the checkpoint.',
    fields: {},
  },
  'copy.begun': {
    since: 1,
    meaning: 'The controller took up a modified block, to copy it to the shadow.',
    fields: { block },
  },
  'block.copied': {
    since: 1,
    meaning: 'A block was copied from system memory to the shadow.',
    fields: { block },
  },
  'restore.begun': {
    since: 1,
    meaning: 'Rollback took up a modified block, to bring it back from the shadow.',
    fields: { block },
  },
  'shadow.mended': {
    since: 1,
    meaning: 'An unreadable block of the shadow was copied again from system memory, which had not changed.',
    fields: { block },
  },
});
