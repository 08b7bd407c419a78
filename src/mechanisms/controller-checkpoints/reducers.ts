import { patched, UNREADABLE } from '../../hardware/block-store.ts';
import { evictLine, fillLine, holderOf, invalidateCache, passLine, rowOf } from '../../hardware/caches.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../../kernel/reducers.ts';
import { decodeContext } from './context.ts';
import type { machineEvents } from './events.ts';
import {
  contextBlock,
  type Device,
  has,
  type Machine,
  mendError,
  type Phase,
  type Processor,
  positionBlock,
} from './machine.ts';
import type { AnyStrategy } from './strategy.ts';

type Needs = Pick<
  AnyStrategy,
  'write' | 'uncaptured' | 'read' | 'areas' | 'fail' | 'abandoned' | 'rolledBack'
>;

/** Folds what the machine does that all strategies share. */
export const machineReducers = (strategy: Needs): Reducers<Machine, typeof machineEvents> => ({
  'line.filled': (machine, event) => {
    processorOf(machine, event);
    blockOf(machine, event);
    fillLine(machine, event);
  },
  'line.passed': (machine, event) => {
    processorOf(machine, event);
    expectLegal(event.from < machine.processors.length, event, `there is no processor ${event.from}`);
    passLine(machine, event);
  },
  'line.evicted': (machine, event) => {
    processorOf(machine, event);
    const row = evictLine(machine, event);
    if (!row.dirty) return;
    machine.requests.push({ source: 'processor', block: row.block, offsetBytes: 0, data: row.contents });
  },
  'cache.invalidated': (machine, event) => {
    processorOf(machine, event);
    invalidateCache(machine, event);
  },
  'store.retired': (machine, event) => {
    retire(machine, event);
    storeWord(machine, event);
  },
  'load.retired': (machine, event) => {
    expectLine(machine, event);
    retire(machine, event).register = event.data;
  },
  'interrupt.raised': (machine, event) => {
    processorOf(machine, event).interrupts++;
  },
  'interrupt.served': (machine, event) => {
    const processor = processorOf(machine, event);
    expectLegal(processor.interrupts > 0, event, 'no interrupt waits');
    storeWord(machine, event);
    processor.interrupts--;
  },
  'output.issued': (machine, event) => {
    retire(machine, event);
    machine.held.push(event.data);
    if (machine.setup.value.policy['output'] === 'immediate') machine.releasable = machine.held.length;
  },
  'output.released': (machine, event) => {
    expectLegal(machine.held[0] === event.data, event, 'the oldest output that is held is another, or none');
    machine.held.shift();
    machine.releasable--;
  },
  'checkpoint.requested': (machine, event) => {
    retire(machine, event);
    machine.checkpointWanted = true;
  },
  'transfer.begun': (machine, event) => {
    const device = deviceOf(machine, event);
    expectLegal(device.sent === null, event, 'a transfer of this device is under way');
    device.sent = 0;
  },
  'dma.arrived': (machine, event) => {
    const { block, offsetBytes, data } = event;
    const device = deviceOf(machine, event);
    blockOf(machine, event);
    expectLegal(holderOf(machine, block) < 0, event, `a cache holds block ${block}`);
    expectLegal(event.unasked === true || device.sent !== null, event, 'no transfer is under way');
    machine.requests.push({ source: 'device', block, offsetBytes, data });
    if (event.unasked === true || device.sent === null) return;
    device.sent++;
    turnAfter(machine, machine.processors.length + event.device);
  },
  'transfer.ended': (machine, event) => {
    const device = deviceOf(machine, event);
    expectLegal(device.sent !== null, event, 'no transfer is under way');
    device.sent = null;
    device.next++;
    turnAfter(machine, machine.processors.length + event.device);
  },
  'write.begun': (machine, event) => {
    const at = machine.requests.findIndex(
      ({ block, source }) => block === event.block && source === event.source,
    );
    expectLegal(at >= 0 && machine.work.length === 0, event, 'no such write waits, or another is under way');
    const [request] = machine.requests.splice(at, 1);
    const captured = !machine.failed && !(has(machine, 'X3') && event.source === 'device');
    machine.work = strategy[captured ? 'write' : 'uncaptured'](machine, request);
  },
  'block.written': (machine, event) => {
    blockOf(machine, event);
    const { block, offsetBytes, data } = event;
    machine.memory.set(block, patched(machine.memory.get(block), offsetBytes, data));
  },
  'phase.entered': (machine, { phase }) => {
    machine.phase = phase;
    if (phase === 'establish') machine.decisionDue = true;
    if (phase === 'rendezvous') machine.checkpointWanted = false;
    if (phase === 'normal') machine.turn = 0;
    if (phase === 'resume') for (const device of machine.devices) device.inContext = false;
  },
  'processor.stopped': (machine, event) => {
    const processor = processorOf(machine, event);
    expectLegal(processor.running, event, 'it does not run');
    processor.running = false;
  },
  'context.saved': (machine, event) => {
    const processor = processorOf(machine, event);
    const block = contextBlock(machine.setup.value, event.processor);
    const row = rowOf(processor, block);
    if (row === undefined) processor.rows.push({ block, contents: event.data, dirty: true });
    else Object.assign(row, { contents: event.data, dirty: true });
    processor.inContext = true;
  },
  'device.bounded': (machine, event) => {
    const device = deviceOf(machine, event);
    const block = positionBlock(machine.setup.value, event.device);
    machine.requests.push({ source: 'firmware', block, offsetBytes: 0, data: event.data });
    device.inContext = true;
  },
  'checkpoint.committed': (machine, event) => {
    machine.epoch = event.epoch;
    machine.releasable = machine.held.length;
  },
  'processor.resumed': (machine, event) => {
    go(processorOf(machine, event));
  },
  'processor.failed': (machine, event) => {
    processorOf(machine, event);
    abandon(machine);
    strategy.abandoned?.(machine);
  },
  'memory.failed': (machine, event) => {
    if (event.area === 'memory') {
      blockOf(machine, event);
      machine.memory.set(event.block, UNREADABLE);
    } else {
      const entries = strategy.areas(machine)[event.area] ?? 0;
      expectLegal(event.block < entries, event, `there is no ${event.area} ${event.block}`);
      strategy.fail(machine, event.area, event.block);
    }
    machine.errors.push({ area: event.area, block: event.block });
    abandon(machine);
    strategy.abandoned?.(machine);
  },
  'processor.halted': (machine, event) => {
    const processor = processorOf(machine, event);
    expectLegal(processor.running, event, 'it does not run');
    processor.running = false;
  },
  'block.restored': (machine, event) => {
    blockOf(machine, event);
    machine.memory.set(event.block, event.data);
    mendError(machine, 'memory', event.block);
  },
  'context.loaded': (machine, event) => {
    const processor = processorOf(machine, event);
    const contents = strategy.read(machine, contextBlock(machine.setup.value, event.processor));
    expectLegal(contents !== UNREADABLE, event, 'its reserved block cannot be read');
    Object.assign(processor, decodeContext(contents), { inContext: true });
  },
  'position.loaded': (machine, event) => {
    const device = deviceOf(machine, event);
    const contents = strategy.read(machine, positionBlock(machine.setup.value, event.device));
    expectLegal(contents !== UNREADABLE, event, 'its reserved block cannot be read');
    Object.assign(device, { next: decodeContext(contents).next, sent: null, inContext: true });
  },
  'rollback.completed': (machine, event) => {
    expectLegal(machine.failed, event, 'nothing was rolled back');
    strategy.rolledBack?.(machine);
    machine.failed = false;
    machine.errors = [];
    machine.turn = 0;
    for (const processor of machine.processors) go(processor);
    for (const device of machine.devices) device.inContext = false;
  },
  'loss.reported': (machine, event) => {
    expectLegal(machine.failed, event, 'nothing has failed');
    machine.loss = event.what;
  },
});

interface OfProcessor extends AnyEvent {
  readonly processor: number;
}

function processorOf({ processors }: Machine, event: OfProcessor): Processor {
  const processor = processors[event.processor];
  expectLegal(processor !== undefined, event, `there is no processor ${event.processor}`);
  return processor;
}

function deviceOf({ devices }: Machine, event: AnyEvent & { readonly device: number }): Device {
  const device = devices[event.device];
  expectLegal(device !== undefined, event, `there is no device ${event.device}`);
  return device;
}

export function blockOf({ memory }: Machine, event: AnyEvent & { readonly block: number }): void {
  expectLegal(event.block < memory.size, event, `there is no block ${event.block}`);
}

function expectLine(machine: Machine, event: OfProcessor & { readonly block: number }): void {
  const row = rowOf(processorOf(machine, event), event.block);
  expectLegal(row !== undefined, event, `its cache does not hold block ${event.block}`);
}

/** The program of a processor goes on to its next instruction. */
export function retire(machine: Machine, event: OfProcessor & { readonly block?: number }): Processor {
  const processor = processorOf(machine, event);
  expectLegal(processor.running, event, 'the processor is stopped');
  if (event.block !== undefined) expectLine(machine, event as OfProcessor & { block: number });
  processor.next++;
  turnAfter(machine, event.processor);
  return processor;
}

function storeWord(
  machine: Machine,
  event: OfProcessor & { readonly block: number; readonly word: number; readonly data: string },
): void {
  expectLine(machine, event);
  const row = rowOf(machine.processors[event.processor], event.block);
  if (row === undefined) return;
  row.contents = patched(row.contents, 8 * event.word, event.data);
  row.dirty = true;
}

/** Whoever comes after this actor is next. */
export function turnAfter(machine: Machine, actor: number): void {
  machine.turn = (actor + 1) % (machine.processors.length + machine.devices.length + 1);
}

function go(processor: Processor): void {
  processor.running = true;
  processor.inContext = false;
}

/** What was under way is void, with interrupts that waited then; rollback begins. Those raised during it are kept. */
export function abandon(machine: Machine): void {
  if (!machine.failed) for (const processor of machine.processors) processor.interrupts = 0;
  const normal: Phase = 'normal';
  Object.assign(machine, {
    failed: true,
    requests: [],
    work: [],
    phase: normal,
    checkpointWanted: false,
    decisionDue: false,
  });
  if (machine.decided === machine.epoch) machine.held = machine.held.slice(0, machine.releasable);
  for (const processor of machine.processors) processor.inContext = false;
  for (const device of machine.devices) device.inContext = false;
}
