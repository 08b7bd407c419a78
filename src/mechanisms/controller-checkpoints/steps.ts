import type { MachineEventOf } from './events.ts';
import type { Request } from './machine.ts';

/** The controller writes to system memory what was asked for. */
export const written = ({ block, offsetBytes, data }: Request): MachineEventOf<'block.written'> => ({
  kind: 'block.written',
  block,
  offsetBytes,
  data,
});

/** Rollback gives up, and says what is gone. */
export const lost = (what: string): MachineEventOf<'loss.reported'> => ({ kind: 'loss.reported', what });
