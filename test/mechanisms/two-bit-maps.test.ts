import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import type { State } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/state.ts';
import { twoBitMaps } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/two-bit-maps.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

describeMechanism<State, CheckpointReference>(twoBitMaps, {
  breaks: {
    I1: ({ own, memory }) => {
      own.shadow.set(1, OTHER);
      memory.set(1, OTHER);
    },
    I2: ({ memory }) => memory.set(1, OTHER),
    I3: ({ own, memory }, { now }) => {
      for (const block of now.writtenByDevices) {
        own.shadow.set(block, OTHER);
        memory.set(block, OTHER);
      }
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: ({ memory }) => memory.set(1, OTHER),
    I6: ({ own }) => {
      own.a.set(2);
      own.b.set(2);
    },
    I7: ({ own, memory }) => memory.set(own.a.first() ?? -1, OTHER),
    I8: ({ own }) => {
      own.a.clear(2);
      own.shadow.set(2, OTHER);
    },
    I9: ({ own, memory }) => {
      own.b.clear(2);
      memory.set(2, OTHER);
    },
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
});
