import { eventTable, field } from '../kernel/event-table.ts';

/** How a mechanism says that something is gone for good: never silently. */
export const lossEvents = eventTable({
  'loss.reported': {
    since: 1,
    meaning: 'Recovery found that something cannot be recovered, and said so to the outside.',
    fields: { what: field.text('what is lost') },
  },
});
