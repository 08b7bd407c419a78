import { eventTable, field } from '../../../kernel/event-table.ts';

const block = field.count('number of the block');
const processor = field.count('the processor');
const mode = field.choice(
  ['background', 'paused'],
  'whether map A is copied behind running processors, or before they go on',
);
const map = field.choice(['A', 'B'], 'A: to be copied for the checkpoint just taken; B: modified since');

/** What the controller does with its shadow and its two bit maps. Source: sheet S13.4. */
export const twoBitMapsEvents = eventTable({
  'copy.begun': {
    since: 1,
    meaning: 'The controller found time to copy a block of map A.',
    fields: { block },
  },
  'block.copied': {
    since: 1,
    meaning: 'A block, or a part of it, was copied from system memory to the shadow.',
    fields: { block, part: field.choice(['whole', 'first', 'second'], 'the block, or which half of it') },
  },
  'restore.begun': {
    since: 1,
    meaning: 'Rollback took up a block that was modified since the checkpoint.',
    fields: { block },
  },
  'map.marked': { since: 1, meaning: 'A bit was set.', fields: { map, block } },
  'map.cleared': { since: 1, meaning: 'A bit was cleared.', fields: { map, block } },
  'maps.swapped': {
    since: 1,
    meaning: 'A became B, and B empty, in one step: the decision point.',
    fields: {},
  },
  'mode.requested': {
    since: 1,
    meaning:
      'A processor asked for a mode of the status bits, and went on to the next instruction; hardwired bits ignore it.',
    fields: { processor, mode },
  },
  'mode.set': {
    since: 1,
    meaning: 'The status bits were set: this mode is in force from this checkpoint on.',
    fields: { mode },
  },
  'map.rebuilt': {
    since: 1,
    meaning: 'A map was lost: it is taken to name every block that the other one does not.',
    fields: { map },
  },
  'shadow.mended': {
    since: 1,
    meaning:
      'An unreadable block of the shadow was copied again from system memory, which still held the checkpoint.',
    fields: { block },
  },
});
