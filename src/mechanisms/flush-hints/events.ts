import { memoryEvents } from '../../hardware/persistent-memory/events.ts';
import { tlbEvents } from '../../hypervisor/tlb.ts';
import { translationEvents } from '../../hypervisor/translation.ts';
import { trapEvents } from '../../hypervisor/traps.ts';
import { virtualMachineEvents } from '../../hypervisor/virtual-machine.ts';
import {
  type AnyEvent,
  type EventOf,
  type EventTable,
  eventTable,
  type Field,
  field,
} from '../../kernel/event-table.ts';
import { lossEvents } from '../loss.ts';

const host = field.count('the host');
const vm = field.count('the virtual machine');
const core = field.count('the virtual core');
const entry = field.count('which of its virtual flush hints');
const frame = field.count('page frame of the host');
const hints = field.count('bit k: the NVDIMMs of controller k have a flush hint address');
const word = field.bytes('what the page holds', 8);

type OnHost<T extends EventTable> = {
  readonly [K in keyof T]: Omit<T[K], 'fields'> & {
    readonly fields: T[K]['fields'] & { readonly host: Field<number, false> };
  };
};

/** Events of a machine of which there are several: each says on which host. */
const onHost = <T extends EventTable>(table: T): OnHost<T> =>
  Object.fromEntries(
    Object.entries(table).map(([kind, declared]) => [
      kind,
      { ...declared, fields: { host, ...declared.fields } },
    ]),
  ) as OnHost<T>;

const pick = <T extends EventTable, K extends keyof T>(table: T, kinds: readonly K[]): Pick<T, K> =>
  Object.fromEntries(kinds.map((kind) => [kind, table[kind]])) as Pick<T, K>;

/**
 * What happens to the NVDIMMs of each host. In the names of the sheet, `hint.written` is `mc.flushHint` and `hint.done`
 * `mc.flushDone`.
 */
export const hostMemoryEvents = onHost(
  pick(memoryEvents, [
    'store.buffered',
    'store.visible',
    'flush.buffered',
    'line.flushed',
    'fence.issued',
    'wpq.accepted',
    'fence.retired',
    'line.evicted',
    'wpq.drained',
    'hint.written',
    'hint.done',
    'power.lost',
  ]),
);

/**
 * Changes of tables, TLBs and cores. In the names of the sheet, `page.protected` is `ept.protect`, `tlb.dropped` is
 * `tlb.drop`, and `vm.exited` for a host violation at a hint's page is `vm.exit{fha}`.
 */
const hypervisorEvents = {
  ...pick(translationEvents, ['page.mapped', 'page.protected', 'page.marked']),
  ...tlbEvents,
  ...pick(trapEvents, ['vm.exited', 'vm.resumed', 'interrupt.raised', 'interrupt.taken']),
  ...virtualMachineEvents,
};

/** What the mechanism adds. Source: sheet S1. */
export const ownEvents = eventTable({
  'flush-support.determined': {
    since: 1,
    meaning:
      'The hypervisor found which write pending queues of this host it can flush for the region of a virtual machine. ' +
      'None, unless all that the region needs.',
    fields: { vm, host, controllers: field.count('bit k: controller k is to be flushed') },
  },
  'virtual-hint.allocated': {
    since: 1,
    meaning:
      'A guest-physical page became a virtual flush hint of a virtual machine, and a frame was chosen to back it ' +
      '(vfha.alloc).',
    fields: { vm, entry, page: field.count('guest-physical page'), frame },
  },
  'frame.filled': {
    since: 1,
    meaning: 'A backing page got its first contents: nothing of whoever had the frame before is left.',
    fields: { host, frame, data: word },
  },
  'virtual-hint.armed': {
    since: 1,
    meaning:
      'Writes to a virtual flush hint trap on all cores, and are passed on to these controllers (vfha.arm).',
    fields: { vm, entry, controllers: field.count('bit k: controller k') },
  },
  'virtual-hint.disarmed': {
    since: 1,
    meaning: 'Writes to a virtual flush hint need not trap on this host (vfha.disarm).',
    fields: { vm, entry },
  },
  'region.exposed': {
    since: 1,
    meaning:
      'The virtual NFIT was shown to a virtual machine: its region, as persistent with its table of virtual flush hints, ' +
      'or as volatile memory.',
    fields: { vm, as: field.choice(['persistent', 'volatile'], 'what the guest may rely on') },
  },
  'flush.taken': {
    since: 1,
    meaning: 'The service core of a host took up the flush that a virtual core waits for.',
    fields: { host, core },
  },
  'virtual-hint.retired': {
    since: 1,
    meaning:
      'The hypervisor completed a trapped write to a virtual flush hint, without storing it (vfha.retire).',
    fields: { core, entry },
  },
  'virtual-hint.stored': {
    since: 1,
    meaning:
      'A write to a virtual flush hint that is not armed landed in its backing page, without an exit ' +
      '(vfha.untrappedStore).',
    fields: { core, host, frame, data: word },
  },
  'hint.skipped': {
    since: 1,
    meaning:
      'The guest wanted to flush write pending queues, but its memory is volatile and has no flush hints.',
    fields: { core },
  },
  'tlb.drop.delayed': {
    since: 1,
    meaning: 'A core will answer the shootdown that it was sent only when nothing else happens any more.',
    fields: { core },
  },
  'migration.requested': {
    since: 1,
    meaning: 'A virtual machine is to move to another host; where it is there already, nothing happens.',
    fields: { vm, host, unasked: field.flag('it is none of the operator’s program: a fault put it in') },
  },
  'migration.refused': {
    since: 1,
    meaning: 'The host where a virtual machine was to go cannot keep what its guest takes for persistent.',
    fields: { vm, host },
  },
  'region.copied': {
    since: 1,
    meaning:
      'A line of a paused virtual machine, as its loads see it, is durable at the destination: the migration itself ' +
      'sees to that, and goes around caches and queues.',
    fields: { vm, host, address: field.address('NVDIMM address of the line'), data: word },
  },
  'reconfiguration.requested': {
    since: 1,
    meaning:
      'The firmware of a host is to switch flush hint addresses on or off, while its virtual machines are held.',
    fields: { host, hints },
  },
  'reconfiguration.refused': {
    since: 1,
    meaning:
      'A virtual machine of the host needs flush hints that its firmware was to take away: nothing else would keep what ' +
      'its guest takes for persistent.',
    fields: { host },
  },
  'host.reconfigured': {
    since: 1,
    meaning:
      'The controllers of a host have flush hint addresses now where they had none, or the other way round; nothing that they hold has changed.',
    fields: { host, hints },
  },
  'adr.failed': {
    since: 1,
    meaning:
      'The energy that is to save write pending queues and caches at the next loss of power is not there.',
    fields: { host },
  },
  'host.restarted': {
    since: 1,
    meaning: 'Power came back; of its NVDIMMs a host finds what survived, its virtual machines have ended.',
    fields: { host },
  },
  'loss.reported': {
    ...lossEvents['loss.reported'],
    fields: { vm, ...lossEvents['loss.reported'].fields },
  },
});

export const flushHintEvents = { ...hostMemoryEvents, ...hypervisorEvents, ...ownEvents };

export type FlushHintEvent = EventOf<typeof flushHintEvents>;

export const isFlushHintEvent = (event: AnyEvent): event is FlushHintEvent => event.kind in flushHintEvents;
