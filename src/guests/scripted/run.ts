import type { MachineConfiguration } from '../../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../hardware/persistent-memory/evolve.ts';
import { initialMemory, type MemoryState } from '../../hardware/persistent-memory/state.ts';
import { checkMachine, checkProgram } from './check.ts';
import { decide } from './decide.ts';
import type { ScriptedProgram } from './instructions.ts';
import { NOTHING_UNASKED, type SpontaneousChances } from './unasked.ts';

/**
 * The events of a program from a state of its machine to its end. Whoever takes an event folds it into `state` before
 * asking for the next:
 *
 *     for (const event of scriptedEvents(state, program, seed)) evolveMemory(state, event);
 *
 * Throws `InputError` for a program that is malformed or needs more than the machine has.
 */
export function* scriptedEvents(
  state: MemoryState,
  program: ScriptedProgram,
  seed: bigint,
  chances: SpontaneousChances = NOTHING_UNASKED,
): Generator<MemoryEvent, void> {
  checkProgram(program);
  checkMachine(program, state.configuration);
  for (;;) {
    const event = decide(state, program, seed, chances);
    if (event === undefined) return;
    const { eventCount } = state;
    yield event;
    if (state.eventCount === eventCount) throw new Error(`${event.kind} was not folded into the state`);
  }
}

/** Runs a program on a machine of its own to its end. Throws as `scriptedEvents`. */
export function runProgram(
  program: ScriptedProgram,
  configuration: Partial<MachineConfiguration>,
  seed: bigint,
  chances: SpontaneousChances = NOTHING_UNASKED,
): { events: MemoryEvent[]; state: MemoryState } {
  const state = initialMemory({ cores: program.cores.length, ...configuration });
  const events: MemoryEvent[] = [];
  for (const event of scriptedEvents(state, program, seed, chances)) {
    evolveMemory(state, event);
    events.push(event);
  }
  return { events, state };
}
