import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Invariant } from '../mechanism.ts';
import type { Machine } from './machine.ts';
import type { CheckpointReference, ReferenceImage } from './reference.ts';
import type { AnyStrategy } from './strategy.ts';

type Shared = Invariant<Machine, CheckpointReference, AnyEvent>;
type Reader = Pick<AnyStrategy, 'image' | 'read' | 'copies' | 'isCaptured'>;

/** I1 to I5 of all strategies, and output commit. */
export const sharedInvariants = (strategy: Reader): readonly Shared[] => {
  const recovered = (machine: Machine, reference: CheckpointReference): true | string => {
    const { epoch, interrupts } = reference;
    const image = reference.image.value;
    if (machine.epoch !== epoch) return `the epoch register says ${machine.epoch}, the image is of ${epoch}`;
    for (let block = 0; block < image.memory.length; block++) {
      if (strategy.read(machine, block) !== image.memory[block])
        return `block ${block} is not that of checkpoint ${epoch}`;
    }
    for (const [processor, { next, register }] of image.processors.entries()) {
      const now = machine.processors[processor];
      if (now.next !== next || now.register !== register)
        return `processor ${processor} is at instruction ${now.next}, its context at ${next}`;
      if (now.interrupts !== interrupts[processor])
        return `${now.interrupts} interrupts wait for processor ${processor}, and ${interrupts[processor]} were raised`;
    }
    const device = image.devices.findIndex(({ next }, at) => machine.devices[at].next !== next);
    return device < 0 || `device ${device} is not at the transfer of checkpoint ${epoch}`;
  };

  const hasImage = (machine: Machine, { memory }: ReferenceImage): true | string => {
    for (let block = 0; block < memory.length; block++) {
      if (strategy.image(machine, block) !== memory[block])
        return `block ${block} of the checkpoint cannot be recovered`;
    }
    return true;
  };

  return [
    {
      name: 'I4',
      meaning: 'an epoch is never half old, half new: no transfer of a device is split by a checkpoint',
      when: 'always',
      holds: (_, { wrong }) => wrong !== 'transfer' || 'a transfer was open when the checkpoint was decided',
    },
    {
      name: 'I3',
      meaning: 'what devices write is captured like what processors write',
      when: 'always',
      holds: (machine, { now, image }) => {
        if (machine.failed || machine.work.length > 0) return true; // no write is half done
        const block = now.writtenByDevices.find(
          (at) => strategy.read(machine, at) !== image.value.memory[at] && !strategy.isCaptured(machine, at),
        );
        return block === undefined || `a device wrote block ${block}, and that was not captured`;
      },
    },
    {
      name: 'I1',
      meaning:
        'exactly one complete checkpoint is recoverable: epoch e, or e+1 once its decision point has passed',
      when: 'always',
      holds: (machine, reference) => {
        if (machine.epoch > reference.epoch)
          return `the epoch register says ${machine.epoch}, but only ${reference.epoch} is decided`;
        return (
          strategy.copies.lost(reference.copies) !== undefined || hasImage(machine, reference.image.value)
        );
      },
    },
    {
      name: 'I2',
      meaning: 'rollback brings back the checkpoint byte for byte, contexts included',
      when: 'recovered',
      holds: (machine, reference) => reference.faults > 1 || recovered(machine, reference),
    },
    {
      name: 'I5',
      meaning: 'rollback that is itself interrupted comes to the same end',
      when: 'recovered',
      holds: (machine, reference) => reference.faults <= 1 || recovered(machine, reference),
    },
    {
      name: 'G3',
      meaning: 'output leaves only when a checkpoint covers it',
      when: 'always',
      holds: (machine, { wrong }) =>
        machine.setup.value.policy['output'] !== 'held' ||
        wrong !== 'output' ||
        'an output left that no checkpoint covers',
    },
    {
      name: 'G4',
      meaning: 'a load returns what was stored last',
      when: 'always',
      holds: (_, { wrong }) => wrong !== 'read' || 'a processor read a word that was not stored last',
    },
  ];
};
