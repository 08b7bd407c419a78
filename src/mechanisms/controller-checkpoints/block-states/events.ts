import { eventTable, field } from '../../../kernel/event-table.ts';

const block = field.count('number of the block');

/** What the controller does with the second half of memory and the state of each block. Source: sheet S13.5. */
export const blockStatesEvents = eventTable({
  'rest.copied': {
    since: 1,
    meaning:
      'What a partial first write leaves out of a block was copied from the current half to the half that gets the write.',
    fields: {
      block,
      half: field.count('which half gets it'),
      offsetBytes: field.count('where in the block the write begins'),
      sizeBytes: field.count('how much it writes'),
    },
  },
  'state.written': {
    since: 1,
    meaning: 'The entry of a block in the state memory was written, with its generation, in one step.',
    fields: {
      block,
      state: field.choice(
        ['C0', 'C1', 'M0', 'M1'],
        'C: current and checkpoint in that half; M: current in that half, checkpoint in the other',
      ),
    },
  },
  'walk.begun': {
    since: 1,
    meaning:
      'The phase flag was set: from now on what is current is the checkpoint, whatever the states say. The decision point.',
    fields: {},
  },
  'walk.ended': { since: 1, meaning: 'The phase flag was cleared: the states say it all again.', fields: {} },
  'generation.advanced': {
    since: 1,
    meaning:
      'The generation register was flipped: blocks modified in the generation before are checkpoint now. The decision point.',
    fields: {},
  },
});
