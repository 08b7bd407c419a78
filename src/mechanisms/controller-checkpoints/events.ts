import { cacheEvents } from '../../hardware/caches.ts';
import { type EventOf, type EventOfKind, eventTable, field } from '../../kernel/event-table.ts';
import { lossEvents } from '../loss.ts';

const processor = field.count('the processor');
const device = field.count('the device');
const block = field.count('number of the block');
const word = field.count('number of the 8-byte word in the block');
const value = field.bytes('the word, in memory order', 8);
const offsetBytes = field.count('where in the block the bytes begin');
const data = field.bytes('the bytes', 65536);

/** What processors, caches, devices and the memory controller do under each of the six strategies. Source: sheet S13. */
export const machineEvents = eventTable({
  ...cacheEvents,
  ...lossEvents,
  'store.retired': {
    since: 1,
    meaning:
      'A processor stored a word into a line that its cache holds, and went on to the next instruction.',
    fields: { processor, block, word, data: value },
  },
  'load.retired': {
    since: 1,
    meaning: 'A processor loaded a word into its register, and went on to the next instruction.',
    fields: { processor, block, word, data: value },
  },
  'interrupt.raised': {
    since: 1,
    meaning: 'An interrupt waits for a processor that is running the program.',
    fields: { processor },
  },
  'interrupt.served': {
    since: 1,
    meaning: 'The interrupt handler of a processor stored a word; the program goes on where it was.',
    fields: { processor, block, word, data: value },
  },
  'output.issued': {
    since: 1,
    meaning: 'A processor sent its register to the outside; under output commit it is held.',
    fields: { processor, data: value },
  },
  'output.released': {
    since: 1,
    meaning: 'The oldest output that was held left the machine. It cannot be taken back.',
    fields: { data: value },
  },
  'checkpoint.requested': {
    since: 1,
    meaning: 'A processor asked for a checkpoint, and went on to the next instruction.',
    fields: { processor },
  },
  'transfer.begun': {
    since: 1,
    meaning: 'A device began a transfer of several writes that belong together.',
    fields: { device },
  },
  'dma.arrived': {
    since: 1,
    meaning: 'A write of a device reached the memory controller.',
    fields: {
      device,
      block,
      offsetBytes,
      data,
      unasked: field.flag('it is none of the device’s program: a fault put it in'),
    },
  },
  'transfer.ended': { since: 1, meaning: 'The last write of a transfer is done.', fields: { device } },
  'write.begun': {
    since: 1,
    meaning: 'The memory controller took up the oldest write that waits; what it does for it follows.',
    fields: {
      source: field.choice(['processor', 'device', 'firmware'], 'who wrote'),
      block,
      offsetBytes,
      data,
    },
  },
  'block.written': {
    since: 1,
    meaning: 'The memory controller wrote bytes to system memory.',
    fields: {
      block,
      offsetBytes,
      data,
      half: field.optional(field.count('which half of memory, where there are two')),
    },
  },
  'phase.entered': {
    since: 1,
    meaning: 'The checkpoint firmware went on to its next phase.',
    fields: { phase: field.choice(['rendezvous', 'flush', 'establish', 'resume', 'normal'], 'which') },
  },
  'processor.stopped': {
    since: 1,
    meaning: 'A processor was interrupted and waits for the checkpoint.',
    fields: { processor },
  },
  'context.saved': {
    since: 1,
    meaning: 'A processor stored its registers into its reserved block, through its cache.',
    fields: { processor, data },
  },
  'device.bounded': {
    since: 1,
    meaning:
      'The traffic of a device was held back between two transfers, and its position written to its reserved block.',
    fields: { device, data },
  },
  'checkpoint.committed': {
    since: 1,
    meaning: 'The epoch register was advanced: the checkpoint is published.',
    fields: { epoch: field.count('the new epoch') },
  },
  'processor.resumed': {
    since: 1,
    meaning: 'A processor goes on after the checkpoint.',
    fields: { processor },
  },
  'processor.failed': {
    since: 1,
    meaning: 'A processor had a transient error: what it and the controller were doing is void.',
    fields: { processor },
  },
  'memory.failed': {
    since: 1,
    meaning: 'An uncorrectable error was found in a memory; the machine stops.',
    fields: {
      area: field.text('memory, shadow, or the strategy’s own'),
      block: field.count('the block or entry; 0 where the area is lost as a whole'),
    },
  },
  'processor.halted': { since: 1, meaning: 'Rollback halted a processor.', fields: { processor } },
  'block.restored': {
    since: 1,
    meaning: 'Rollback brought a block of system memory back to the checkpoint.',
    fields: { block, data },
  },
  'context.loaded': {
    since: 1,
    meaning: 'Rollback loaded a processor’s registers from its reserved block.',
    fields: { processor },
  },
  'position.loaded': {
    since: 1,
    meaning: 'Rollback set a device back to the transfer at which it was held.',
    fields: { device },
  },
  'rollback.completed': {
    since: 1,
    meaning: 'All processors and devices go on from the checkpoint.',
    fields: {},
  },
});

export type MachineEvent = EventOf<typeof machineEvents>;
export type MachineEventOf<K extends keyof typeof machineEvents> = EventOfKind<typeof machineEvents, K>;
