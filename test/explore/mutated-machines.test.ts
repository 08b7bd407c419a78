import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MACHINE_DEFECTS, type MachineDefect } from '../../src/hardware/persistent-memory/configuration.ts';
import { explore } from '../support/explored.ts';
import { runs } from '../support/many.ts';
import { enumerateNaively } from '../support/naive-memory.ts';
import { eventsOf, machineOf, type SmallProgram, smallProgram } from '../support/naive-programs.ts';

const programs = smallProgram({ platforms: ['P1'], lineBytes: [16], operations: 8 });

/** Whether a machine leaves the images that the persistency model allows, no more and no fewer. */
function isRight(program: SmallProgram, defect?: MachineDefect): boolean {
  const naive = enumerateNaively(program.world, program.operations);
  const machine = { ...machineOf(program), ...(defect && { defect }) };
  const { images } = explore(machine, program.world.sizeBytes, eventsOf(program));
  return images.size === naive.images.size && [...images].every((image) => naive.images.has(image));
}

describe('a defective machine does not pass', () => {
  it.each(MACHINE_DEFECTS)(
    '%s is caught, and the right machine passes the program that catches it',
    (defect) => {
      const details = fc.check(
        fc.property(programs, (program) => isRight(program, defect)),
        { numRuns: runs(500) },
      );

      expect(details.failed, `no program of ${details.numRuns} tells the defect ${defect}`).toBe(true);
      const [program] = details.counterexample as [SmallProgram];
      expect(isRight(program)).toBe(true);
      expect(program.operations.length, `the least program: ${JSON.stringify(program)}`).toBeLessThanOrEqual(
        4,
      );
    },
  );
});
