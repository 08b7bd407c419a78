import type { AnyEvent } from '../../kernel/event-table.ts';
import { ticksOf } from '../cost-table.ts';
import type { Cost } from '../mechanism.ts';
import type { Machine } from './machine.ts';
import type { AnyStrategy } from './strategy.ts';

type Traffic = Pick<AnyStrategy, 'copiedBytes' | 'extraBytes'>;
type SharedCost = Cost<Machine, AnyEvent>;

/** What designers ask of every strategy. Source: sheet S13, the lines on costs. */
export const sharedCosts = ({ copiedBytes, extraBytes }: Traffic): readonly SharedCost[] => {
  const copied = (event: AnyEvent, machine: Machine): number =>
    event.kind === 'block.restored' ? machine.setup.value.blockBytes : copiedBytes(event, machine);
  return [
    {
      name: 'copiedBytes',
      meaning: 'bytes copied from memory to memory, or into buffers and logs',
      fold: 'sum',
      of: copied,
    },
    {
      name: 'extraBytesMax',
      meaning:
        'bytes held beyond system memory: shadow, buffers, logs, maps, in both computers where there are two',
      fold: 'max',
      of: (_, machine) => extraBytes(machine),
    },
    counted('writesAsked', 'writes that reached the memory controller', ['write.begun']),
    {
      name: 'blocksWritten',
      meaning: 'writes that the controller did anywhere, whole blocks or parts',
      fold: 'sum',
      of: (event, machine) => (event.kind === 'block.written' || copied(event, machine) > 0 ? 1 : 0),
    },
    { name: 'pauseTicks', meaning: 'ticks that processors waited for checkpoints', fold: 'sum', of: paused },
    {
      name: 'longestPauseTicks',
      meaning: 'ticks from the first processor that stopped for a checkpoint to the last that went on',
      fold: 'longest',
      of: paused,
    },
    {
      name: 'linkBytes',
      meaning: 'what messages to another computer and back carry',
      fold: 'sum',
      of: (event) => (event.kind === 'message.sent' && 'data' in event ? String(event.data).length / 2 : 0),
    },
    counted('checkpoints', 'checkpoints published', ['checkpoint.committed']),
  ];
};

const counted = (name: string, meaning: string, kinds: readonly string[]): SharedCost => ({
  name,
  meaning,
  fold: 'sum',
  of: ({ kind }) => (kinds.includes(kind) ? 1 : 0),
});

/** The ticks of an event while some processor waits for a checkpoint; rollback is no pause. */
const paused = (event: AnyEvent, { failed, processors }: Machine): number =>
  !failed && (event.kind === 'processor.resumed' || processors.some(({ running }) => !running))
    ? ticksOf(event)
    : 0;
