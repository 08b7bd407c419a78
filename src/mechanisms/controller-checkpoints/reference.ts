import { patched } from '../../hardware/block-store.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { Fixed } from '../../kernel/fixed.ts';
import { Immutable } from '../../kernel/immutable.ts';
import type { Instruction, ReferenceModel } from '../mechanism.ts';
import { encodeContext, numberOf, wordOf } from './context.ts';
import type { CopiesModel } from './copies-model.ts';
import type { MachineEvent, MachineEventOf } from './events.ts';
import { contextBlock, initialContents, positionBlock, type Setup, setupOf } from './machine.ts';

/** The naive model: what programs and devices did, in plain arrays, copied whole at each checkpoint. */
export interface CheckpointReference<Copies extends object = object> {
  setup: Fixed<Setup>;
  now: ReferenceImage;
  /** What must be there after a fault: a full copy. */
  image: Immutable<ReferenceImage>;
  /** Checkpoints of which the decision event was seen. */
  epoch: number;
  /** Faults of the recovery that is under way or has just ended: 1, or 2 for more; 0 at any other time. */
  faults: number;
  /** Of each processor, interrupts that were raised since the last fault that found the machine well, and not served. */
  interrupts: number[];
  /** The last event ended a recovery. */
  recovered: boolean;
  /** Outputs that no checkpoint covers yet, and those that one covers and that have not left. */
  outputs: number;
  covered: number;
  /** What the last event did that no machine may do; null while it did nothing of the kind. */
  wrong: 'read' | 'output' | 'transfer' | null;
  copies: Copies;
}

export interface ReferenceImage {
  /** What each block holds as programs and devices see it, caches and contexts included. */
  memory: string[];
  processors: { next: number; register: string }[];
  devices: { next: number; inTransfer: boolean }[];
  /** Blocks that devices wrote in this epoch. */
  writtenByDevices: number[];
}

export const checkpointReference = <Copies extends object>(
  isDecision: (event: AnyEvent) => boolean,
  copies: CopiesModel<Copies>,
): ReferenceModel<CheckpointReference<Copies>, AnyEvent> => ({
  initial: (setting) => {
    const setup = setupOf(setting);
    const start = (): ReferenceImage => ({
      memory: initialContents(setup),
      processors: setup.programs.map(() => ({ next: 0, register: wordOf(0) })),
      devices: setup.devices.map(() => ({ next: 0, inTransfer: false })),
      writtenByDevices: [],
    });
    return {
      setup: new Fixed(setup),
      now: start(),
      image: new Immutable(start()),
      epoch: 0,
      faults: 0,
      interrupts: setup.programs.map(() => 0),
      recovered: false,
      outputs: 0,
      covered: 0,
      wrong: null,
      copies: copies.initial(setup),
    };
  },
  evolve: (reference, event) => {
    const decided = isDecision(event);
    follow(reference, event as MachineEvent);
    const retired = copies.retired?.(event);
    if (retired !== undefined) reference.now.processors[retired].next++;
    if (decided) takeImage(reference);
    if (copies.takesOver?.(event) === true) {
      Object.assign(reference, { covered: 0, ...fromImage(reference) });
      reference.interrupts.fill(0);
    }
    copies.evolve(reference.copies, event, decided);
  },
  lost: (reference) => copies.lost(reference.copies),
});

function follow(reference: CheckpointReference, event: MachineEvent): void {
  const { now } = reference;
  if (reference.recovered) {
    reference.faults = 0;
    reference.recovered = false;
  }
  switch (event.kind) {
    case 'store.retired':
      if (storedWord(reference, event) !== event.data) reference.wrong = 'read';
      store(now, event.block, 8 * event.word, event.data);
      now.processors[event.processor].next++;
      return;
    case 'load.retired':
      if (wordAt(now, event.block, event.word) !== event.data) reference.wrong = 'read';
      now.processors[event.processor].register = event.data;
      now.processors[event.processor].next++;
      return;
    case 'interrupt.raised':
      reference.interrupts[event.processor]++;
      return;
    case 'interrupt.served':
      reference.interrupts[event.processor]--;
      store(now, event.block, 8 * event.word, event.data);
      return;
    case 'output.issued':
      now.processors[event.processor].next++;
      reference.outputs++;
      return;
    case 'output.released':
      if (reference.covered === 0) reference.wrong = 'output';
      else reference.covered--;
      return;
    case 'checkpoint.requested':
      now.processors[event.processor].next++;
      return;
    case 'transfer.begun':
      now.devices[event.device].inTransfer = true;
      return;
    case 'transfer.ended':
      now.devices[event.device].inTransfer = false;
      now.devices[event.device].next++;
      return;
    case 'write.begun':
      if (event.source !== 'device') {
        shareContents(now, event);
        return;
      }
      store(now, event.block, event.offsetBytes, event.data);
      if (!now.writtenByDevices.includes(event.block)) now.writtenByDevices.push(event.block);
      return;
    case 'processor.failed':
    case 'memory.failed':
      if (reference.faults === 0) reference.interrupts.fill(0);
      reference.faults = reference.faults === 0 ? 1 : 2;
      return;
    case 'rollback.completed':
      Object.assign(reference, fromImage(reference));
      reference.recovered = true;
      return;
  }
}

/**
 * A cache writes back what is known already. Taking its copy of it makes later comparisons of large blocks comparisons of
 * references.
 */
function shareContents({ memory }: ReferenceImage, { block, data }: MachineEventOf<'write.begun'>): void {
  if (memory[block] === data) memory[block] = data;
}

const store = (now: ReferenceImage, block: number, offsetBytes: number, data: string): void => {
  now.memory[block] = patched(now.memory[block], offsetBytes, data);
};

const wordAt = ({ memory }: ReferenceImage, block: number, word: number): string =>
  memory[block].slice(16 * word, 16 * word + 16);

/** What the instruction that retires must have stored. */
function storedWord(
  { setup, now }: CheckpointReference,
  { processor, block, word }: MachineEventOf<'store.retired'>,
): string {
  const instruction: Instruction = setup.value.programs[processor][now.processors[processor].next];
  return wordOf(
    Number(instruction['value']) + (instruction.do === 'add' ? numberOf(wordAt(now, block, word)) : 0),
  );
}

/** The decision point has passed: from now on a fault leads here. */
function takeImage(reference: CheckpointReference): void {
  const { now, setup } = reference;
  const { blockBytes } = setup.value;
  const image = copyOf(now);
  for (const [processor, { next, register }] of now.processors.entries()) {
    image.memory[contextBlock(setup.value, processor)] = encodeContext(next, register, blockBytes);
  }
  for (const [device, { next, inTransfer }] of now.devices.entries()) {
    image.memory[positionBlock(setup.value, device)] = encodeContext(next, wordOf(0), blockBytes);
    if (inTransfer) reference.wrong = 'transfer';
  }
  reference.image = new Immutable(image);
  now.writtenByDevices = [];
  reference.epoch++;
  reference.covered += reference.outputs;
  reference.outputs = 0;
}

/** What runs from the checkpoint on: it has written nothing and put nothing out. */
const fromImage = ({ image }: CheckpointReference): Pick<CheckpointReference, 'now' | 'outputs'> => ({
  now: { ...copyOf(image.value), writtenByDevices: [] },
  outputs: 0,
});

const copyOf = ({ memory, processors, devices, writtenByDevices }: ReferenceImage): ReferenceImage => ({
  memory: memory.slice(),
  processors: processors.map((processor) => ({ ...processor })),
  devices: devices.map((device) => ({ ...device })),
  writtenByDevices: writtenByDevices.slice(),
});
