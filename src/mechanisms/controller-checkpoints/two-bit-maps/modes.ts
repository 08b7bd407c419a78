import type { EventOf } from '../../../kernel/event-table.ts';
import type { MachineEvent } from '../events.ts';
import type { Setup } from '../machine.ts';
import type { twoBitMapsEvents } from './events.ts';
import { FIRST_MODE, isModeSettable, type Mode } from './state.ts';

/** Who runs, and in which mode, as a naive reader of the events knows it. */
export interface Modes {
  isSettable: boolean;
  /** The mode last set. */
  inForce: Mode;
  /** The mode that programs asked for last, and that which they had asked for at the checkpoint. */
  asked: Mode;
  askedAtCheckpoint: Mode;
  /** Of each processor. */
  runs: boolean[];
  /** A checkpoint was published, and no processor went on since. */
  atCheckpoint: boolean;
  /** A mode was set that may not have been; null while none was. */
  wrong: string | null;
}

export const initialModes = (setup: Setup): Modes => ({
  isSettable: isModeSettable(setup),
  inForce: FIRST_MODE,
  asked: FIRST_MODE,
  askedAtCheckpoint: FIRST_MODE,
  runs: setup.programs.map(() => true),
  atCheckpoint: false,
  wrong: null,
});

/** Folds an event; `decided` when it is the decision event. */
export function followModes(
  modes: Modes,
  event: MachineEvent | EventOf<typeof twoBitMapsEvents>,
  decided: boolean,
): void {
  if (decided) modes.askedAtCheckpoint = modes.asked;
  switch (event.kind) {
    case 'processor.stopped':
    case 'processor.halted':
      modes.runs[event.processor] = false;
      return;
    case 'checkpoint.committed':
      modes.atCheckpoint = true;
      return;
    case 'processor.resumed':
      modes.runs[event.processor] = true;
      modes.atCheckpoint = false;
      return;
    case 'rollback.completed':
      modes.runs.fill(true);
      modes.atCheckpoint = false;
      modes.asked = modes.askedAtCheckpoint;
      return;
    case 'mode.requested':
      if (modes.isSettable) modes.asked = event.mode;
      return;
    case 'mode.set':
      modes.wrong = whatIsWrong(modes, event.mode);
      modes.inForce = event.mode;
      return;
  }
}

function whatIsWrong({ atCheckpoint, runs, askedAtCheckpoint }: Modes, mode: Mode): string | null {
  if (!atCheckpoint) return 'a mode was set elsewhere than at a checkpoint';
  if (runs.includes(true)) return 'a mode was set while a processor ran';
  if (mode !== askedAtCheckpoint) return `mode ${mode} was set, and ${askedAtCheckpoint} was asked for`;
  return null;
}
