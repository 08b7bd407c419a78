import { holderOf } from '../../hardware/caches.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { FaultCase, Thoroughness } from '../mechanism.ts';
import { wordOf } from './context.ts';
import type { MachineEvent } from './events.ts';
import type { Machine, Processor } from './machine.ts';
import type { AnyStrategy } from './strategy.ts';

type Case = FaultCase<Machine, AnyEvent>;
const one = (event: MachineEvent): readonly AnyEvent[] => [event];

/** What an injected write of a device writes: it differs from all that programs write. */
const UNASKED_VALUE = 0xd0;

/** During rollback it makes no difference which processor it is: one stands for all. */
const tried = (processors: readonly Processor[], how: Thoroughness): readonly Processor[] =>
  how === 'all' ? processors : processors.slice(0, 1);

/** The faults that the sheet lists for every strategy. */
export const sharedFaults = (strategy: Pick<AnyStrategy, 'areas' | 'isCaptured'>): readonly Case[] => {
  /** The first block that was modified since the checkpoint, and the last one that was not. */
  const oneOfEachKind = (machine: Machine): readonly (number | undefined)[] => {
    const blocks = Array.from({ length: machine.memory.size }, (_, block) => block);
    const isModified = (block: number): boolean => strategy.isCaptured(machine, block);
    return [blocks.find(isModified), blocks.findLast((block) => !isModified(block))];
  };

  return [
    {
      number: 'F4',
      claim: 'a transient error of any processor: rolled back to the checkpoint',
      survives: true,
      occurrences: ({ processors }, how) =>
        tried(processors, how).map((_, processor) => one({ kind: 'processor.failed', processor })),
    },
    {
      number: 'F10',
      claim:
        'an uncorrectable error of a block or of the strategy’s memory: rolled back, or reported as lost',
      *occurrences(machine, how) {
        const failed = (area: string, block: number): readonly AnyEvent[] =>
          one({ kind: 'memory.failed', area, block });
        const areas = { memory: machine.memory.size, ...strategy.areas(machine) };
        for (const [area, entries] of Object.entries(areas)) {
          const few = new Set(entries === machine.memory.size ? oneOfEachKind(machine) : [0, entries - 1]);
          for (let block = 0; block < entries; block++) {
            if (how === 'all' || few.has(block)) yield failed(area, block);
          }
        }
      },
    },
    {
      number: 'F15',
      claim: 'an interrupt between any two steps: served when the processor runs',
      survives: true,
      occurrences: ({ processors }, how) =>
        tried(processors, how).flatMap(({ interrupts }, processor) =>
          interrupts > 0 ? [] : [one({ kind: 'interrupt.raised', processor })],
        ),
    },
    {
      number: 'F17',
      claim: 'a write of a device at any moment: captured like one of a processor',
      survives: true,
      *occurrences(machine) {
        const { dataBlocks, devices } = machine.setup.value;
        if (devices.length === 0) return;
        for (const block of [0, dataBlocks - 1]) {
          const events = unaskedWrite(machine, block);
          if (events !== undefined) yield events;
        }
      },
    },
  ];
};

function unaskedWrite(machine: Machine, block: number): readonly AnyEvent[] | undefined {
  const holder = holderOf(machine, block);
  if (holder >= 0 && machine.failed) return undefined; // a halted processor’s cache answers no snoop
  const arrived: MachineEvent = {
    kind: 'dma.arrived',
    device: 0,
    block,
    offsetBytes: 0,
    data: wordOf(UNASKED_VALUE),
    unasked: true,
  };
  const evicted: MachineEvent = { kind: 'line.evicted', processor: holder, block };
  return holder >= 0 ? [evicted, arrived] : [arrived];
}
