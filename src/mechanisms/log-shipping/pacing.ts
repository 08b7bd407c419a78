import { type Entry, entryBytes, SEAL_BYTES } from './entry.ts';
import type { PowerBudget } from './setup.ts';
import { chose, has, type LogShipping } from './state.ts';

export type ThrottleReason = 'ring' | 'battery' | 'threshold';

/** Energy units that the drain needs on battery for one message of so many bytes. */
export const messageEnergy = (power: PowerBudget, bytes: number): number =>
  bytes * power.perByte + power.perMessage + power.otherPerMessage;

/** What keeps the application from appending this entry; undefined when nothing does. */
export function throttleReason(state: LogShipping, entry: Entry): ThrottleReason | undefined {
  const { log, setup } = state;
  if (!has(state, 'M9') && log.tail - log.head >= setup.value.ringSlots - log.taken) return 'ring';
  if (drainEnergy(state, entry) > setup.value.power.rated) return 'battery';
  if (chose(state, 'pacing', 'between-thresholds') && backlogEntries(state) >= setup.value.stopFromEntries)
    return 'threshold';
  return undefined;
}

/** Steps that the application waits before it appends: one more for each entry above the lower threshold. */
export const delaysWanted = (state: LogShipping): number =>
  chose(state, 'pacing', 'between-thresholds')
    ? Math.max(0, backlogEntries(state) - state.setup.value.slowFromEntries + 1)
    : 0;

/** Entries that the slowest destination has not acknowledged. */
export const backlogEntries = ({ log, shipping }: LogShipping): number =>
  log.tail - 1 - Math.min(...shipping.map(({ acked }) => acked));

/** What a drain would need, to all destinations, if it began when this entry is in the log, too. */
function drainEnergy(state: LogShipping, next: Entry): number {
  const { log, shipping, setup } = state;
  const { operations, power } = setup.value;
  const budget = has(state, 'M10') ? { ...power, otherPerMessage: 0 } : power;
  const isWhole = chose(state, 'drain', 'whole-region');
  let energy = 0;
  for (const { acked } of shipping) {
    energy += messageEnergy(budget, SEAL_BYTES);
    const first = isWhole ? log.head : acked + 1;
    for (const operation of operations) {
      for (const entry of operation) {
        if (entry.seq >= first && entry.seq <= next.seq) energy += messageEnergy(budget, entryBytes(entry));
      }
    }
  }
  return energy;
}
