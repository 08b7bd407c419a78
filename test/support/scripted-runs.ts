import fc from 'fast-check';
import { scriptedProgram } from '../../src/fast-check.ts';
import { programJson, runProgram } from '../../src/guests/scripted.ts';
import type { MachineConfiguration } from '../../src/hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import type { MemoryState } from '../../src/hardware/persistent-memory/state.ts';

export interface ScriptedRun {
  machine: Partial<MachineConfiguration>;
  events: MemoryEvent[];
  /** The state in which the live run ended. */
  state: MemoryState;
}

/** Runs of small programs on small machines of every platform, with acts of the machine's own; some end with the power. */
export const scriptedRuns: fc.Arbitrary<ScriptedRun> = fc
  .record({
    program: scriptedProgram({ maxCores: 3, lineBytes: 16, hintControllers: 2, markers: ['A', 'B'] }),
    machine: fc.record({
      platform: fc.constantFrom('P0', 'P1', 'P1f', 'P2'),
      cores: fc.constant(3),
      lineBytes: fc.constant(16),
      interleaveBytes: fc.constant(16),
      storeBufferEntries: fc.constantFrom(1, 3),
      queueLines: fc.constantFrom(1, 100),
    }),
    seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    unaskedPerMille: fc.constantFrom(0, 100),
  })
  .map(({ program, machine, seed, unaskedPerMille: perMille }) => {
    const chances = { evictionPerMille: perMille, drainPerMille: perMille, combiningPerMille: perMille };
    const told = `${JSON.stringify({ machine, seed: `${seed}`, chances })} ${programJson(program)}`;
    return { machine, ...runProgram(program, machine, seed, chances), [fc.toStringMethod]: () => told };
  });
