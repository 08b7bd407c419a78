import { holderOf, rowOf } from '../../hardware/caches.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Instruction } from '../mechanism.ts';
import { numberOf, wordOf } from './context.ts';
import type { MachineEvent } from './events.ts';
import type { Machine } from './machine.ts';
import type { AnyStrategy } from './strategy.ts';

/** The word that interrupt handlers count in. */
const HANDLER_WORD = { block: 0, word: 1 };

type Reads = Pick<AnyStrategy, 'read' | 'instructed' | 'background'>;

/** What processors, devices and the controller's background work do next, one after the other; undefined at the end. */
export function nextOfActors(machine: Machine, strategy: Reads): AnyEvent | undefined {
  const { processors, devices, turn } = machine;
  const actors = processors.length + devices.length + 1;
  for (let i = 0; i < actors; i++) {
    const actor = (turn + i) % actors;
    const event = nextOfActor(machine, strategy, actor);
    if (event !== undefined) return event;
  }
  return undefined;
}

function nextOfActor(machine: Machine, strategy: Reads, actor: number): AnyEvent | undefined {
  const { processors, devices } = machine;
  if (actor < processors.length) return nextOfProcessor(machine, strategy, actor);
  if (actor < processors.length + devices.length) return nextOfDevice(machine, actor - processors.length);
  return strategy.background(machine);
}

/** What a running processor does next: serve an interrupt, get the line that it needs, retire an instruction. */
export function nextOfProcessor(
  machine: Machine,
  strategy: Omit<Reads, 'background'>,
  processor: number,
): AnyEvent | undefined {
  const { running, next, interrupts } = machine.processors[processor];
  if (!running) return undefined;
  if (interrupts > 0) return serve(machine, strategy, processor);
  const instruction = machine.setup.value.programs[processor][next];
  if (instruction === undefined) return undefined;
  return strategy.instructed?.(processor, instruction) ?? execute(machine, strategy, processor, instruction);
}

function serve(machine: Machine, strategy: Pick<Reads, 'read'>, processor: number): MachineEvent {
  const { block, word } = HANDLER_WORD;
  return (
    lineWanted(machine, strategy, processor, block) ?? {
      kind: 'interrupt.served',
      processor,
      block,
      word,
      data: wordOf(numberOf(cachedWord(machine, processor, block, word)) + 1),
    }
  );
}

function execute(
  machine: Machine,
  strategy: Pick<Reads, 'read'>,
  processor: number,
  instruction: Instruction,
): MachineEvent {
  switch (instruction.do) {
    case 'checkpoint':
      return { kind: 'checkpoint.requested', processor };
    case 'output':
      return { kind: 'output.issued', processor, data: machine.processors[processor].register };
    default:
      return access(machine, strategy, processor, instruction);
  }
}

function access(
  machine: Machine,
  strategy: Pick<Reads, 'read'>,
  processor: number,
  instruction: Instruction,
): MachineEvent {
  const block = Number(instruction['block']);
  const word = Number(instruction['word']);
  const wanted = lineWanted(machine, strategy, processor, block);
  if (wanted !== undefined) return wanted;
  const held = cachedWord(machine, processor, block, word);
  if (instruction.do === 'load') return { kind: 'load.retired', processor, block, word, data: held };
  const value = Number(instruction['value']) + (instruction.do === 'add' ? numberOf(held) : 0);
  return { kind: 'store.retired', processor, block, word, data: wordOf(value) };
}

/** What brings the line into the processor's cache; undefined when it is there. */
function lineWanted(
  machine: Machine,
  strategy: Pick<Reads, 'read'>,
  processor: number,
  block: number,
): MachineEvent | undefined {
  const cached = machine.processors[processor];
  if (rowOf(cached, block) !== undefined) return undefined;
  if (cached.rows.length >= machine.setup.value.cacheLines) {
    return { kind: 'line.evicted', processor, block: cached.rows[0].block };
  }
  const from = holderOf(machine, block);
  return from >= 0
    ? { kind: 'line.passed', processor, from, block }
    : { kind: 'line.filled', processor, block, data: strategy.read(machine, block) };
}

function cachedWord({ processors }: Machine, processor: number, block: number, word: number): string {
  const contents = rowOf(processors[processor], block)?.contents ?? '';
  return contents.slice(16 * word, 16 * word + 16);
}

interface DeviceWrite {
  readonly block: number;
  readonly word: number;
  readonly values: readonly number[];
}

/** What a device does next: begin a transfer, send its next write, end it. */
export function nextOfDevice(machine: Machine, device: number): MachineEvent | undefined {
  const { next, sent, inContext } = machine.devices[device];
  const transfer = machine.setup.value.devices[device][next];
  if (transfer === undefined || inContext) return undefined;
  if (sent === null) return { kind: 'transfer.begun', device };
  const writes = transfer['writes'] as unknown as readonly DeviceWrite[];
  const write = writes[sent];
  if (write === undefined) return { kind: 'transfer.ended', device };
  const { block, word, values } = write;
  const processor = holderOf(machine, block);
  if (processor >= 0) return { kind: 'line.evicted', processor, block }; // the controller sees what caches hold first
  return { kind: 'dma.arrived', device, block, offsetBytes: 8 * word, data: values.map(wordOf).join('') };
}
