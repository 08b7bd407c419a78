import { eventTable, field } from '../../../kernel/event-table.ts';

const block = field.count('number of the block');

/** What the controller does with its log of pre-images. Source: sheet S13.6. */
export const preImageLogEvents = eventTable({
  'entry.written': {
    since: 1,
    meaning:
      'The controller read a block and stored number and contents in the log; the entry counts when the pointer has passed it.',
    fields: { entry: field.count('which entry of the log'), block },
  },
  'pointer.advanced': { since: 1, meaning: 'The log has one entry more.', fields: {} },
  'map.marked': {
    since: 1,
    meaning: 'A bit of the first-write map was set: the block has its entry.',
    fields: { block },
  },
  'map.reset': {
    since: 1,
    meaning: 'All bits of the first-write map were cleared, in one step.',
    fields: {},
  },
  'pointer.reset': {
    since: 1,
    meaning:
      'The log is empty: what memory holds is the checkpoint. For a new checkpoint, the decision point.',
    fields: { for: field.choice(['checkpoint', 'rollback'], 'what comes to its end with it') },
  },
  'reversal.begun': {
    since: 1,
    meaning: 'Rollback took up the log, from its newest entry to its oldest.',
    fields: {},
  },
  'log.limited': {
    since: 1,
    meaning: 'Room of the log that no checkpoint has claimed was taken away, until the log is reset.',
    fields: { entries: field.count('how many entries fit now') },
  },
});
