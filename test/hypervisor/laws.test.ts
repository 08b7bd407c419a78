import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessStep } from '../../src/hypervisor/access-step.ts';
import { walk } from '../../src/hypervisor/translation.ts';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { forkState } from '../../src/kernel/model.ts';
import { forksAreIsolated } from '../support/forks.ts';
import { holds } from '../support/many.ts';
import {
  type Action,
  accesses,
  action,
  actions,
  eventOf,
  type MachineState,
  machineEvents,
  newMachine,
  PAGES,
  prologue,
  tryEvolve,
  VM_OF_CORE,
} from './machine.ts';
import { NaiveMachine, seen, seenNaive } from './naive-machine.ts';

const FILE = 'test/hypervisor/laws.test.ts';

/** Does the same to both; whether it was possible. */
function act(state: MachineState, naive: NaiveMachine, action: Action): boolean {
  const event = eventOf(state, action);
  if (event === undefined) return false;
  const possible = tryEvolve(state, event);
  expect({ event, possible: naive.evolve(event) }).toEqual({ event, possible });
  return possible;
}

function begun(): { state: MachineState; naive: NaiveMachine } {
  const both = { state: newMachine(), naive: new NaiveMachine() };
  for (const event of prologue) act(both.state, both.naive, event);
  return both;
}

describe('virtual machines, their tables, TLBs and traps', () => {
  it('do after every event what the naive model does, and refuse what it refuses', () => {
    const outcomes = new Set<string>();
    const property = fc.property(actions, (sequence) => {
      const { state, naive } = begun();
      for (const action of sequence) {
        act(state, naive, action);
        const view = seen(state);
        expect(view).toEqual(seenNaive(naive));
        for (const [kind] of view.translations) outcomes.add(String(kind));
        if (view.stale.length > 0) outcomes.add('stale');
      }
    });

    holds(property, 400, FILE);

    expect([...outcomes].sort()).toEqual(['guest-fault', 'hit', 'host-violation', 'miss', 'stale']);
  });

  it('every kind of the tables happens, and every kind is refused somewhere', () => {
    const happened = new Set<string>();
    const refused = new Set<string>();
    const property = fc.property(actions, (sequence) => {
      const { state, naive } = begun();
      for (const action of sequence) {
        const event = eventOf(state, action);
        if (event !== undefined) (act(state, naive, event) ? happened : refused).add(event.kind);
      }
    });

    holds(property, 400, FILE);

    expect([...happened].sort()).toEqual(Object.keys(machineEvents).sort());
    expect([...refused].sort()).toEqual(Object.keys(machineEvents).sort());
  });

  it('a refused event changes nothing', () => {
    const property = fc.property(actions, (sequence) => {
      const { state } = begun();
      for (const action of sequence) {
        const event = eventOf(state, action);
        const before = classDigest(state).hex();
        if (event !== undefined && !tryEvolve(state, event)) expect(classDigest(state).hex()).toBe(before);
      }
    });
    holds(property, 200, FILE);
  });

  it('translating, and asking for the next step, change nothing', () => {
    const property = fc.property(actions, (sequence) => {
      const { state } = begun();
      for (const action of sequence) {
        const event = eventOf(state, action);
        if (event !== undefined) tryEvolve(state, event);
      }
      const before = classDigest(state).hex();

      for (const { core, page, access } of accesses) accessStep(state, core, page, access);
      seen(state);

      expect(classDigest(state).hex()).toBe(before);
    });
    holds(property, 100, FILE);
  });

  it('a TLB never serves an entry that no walk gave', () => {
    const property = fc.property(actions, (sequence) => {
      const { state } = begun();
      const given = new Set<string>();
      const key = (core: number, page: number, entry: object) => `${core} ${page} ${JSON.stringify(entry)}`;
      for (const action of sequence) {
        for (const [core, vm] of VM_OF_CORE.entries()) {
          for (const page of [...PAGES, 3]) {
            const now = walk(state.pageTables[vm], page);
            if (now.kind === 'walked') given.add(key(core, page, now.entry));
          }
        }
        const event = eventOf(state, action);
        if (event !== undefined) tryEvolve(state, event);
        for (const [core, { entries }] of state.tlbs.entries()) {
          for (const [page, entry] of entries.entries()) expect(given).toContain(key(core, page, entry));
        }
      }
    });
    holds(property, 200, FILE);
  });

  it('an access comes to a hit or a trap within four steps', () => {
    const property = fc.property(
      actions,
      fc.constantFrom(...accesses),
      (sequence, { core, page, access }) => {
        const { state } = begun();
        for (const action of sequence) {
          const event = eventOf(state, action);
          if (event !== undefined) tryEvolve(state, event);
        }
        if (state.virtualCores[core].mode === 'paused') return;
        if (state.virtualCores[core].mode === 'hypervisor') tryEvolve(state, { kind: 'vm.resumed', core });

        const kinds: string[] = [];
        for (;;) {
          const event = accessStep(state, core, page, access);
          if (event === undefined) break;
          expect(tryEvolve(state, event)).toBe(true);
          kinds.push(event.kind);
          if (event.kind === 'vm.exited' || event.kind === 'guest.faulted') break;
          expect(kinds.length).toBeLessThan(4);
        }
      },
    );
    holds(property, 300, FILE);
  });

  it('forks are independent', () => {
    const property = forksAreIsolated<MachineState, NaiveMachine, Action>(
      {
        fresh: () => begun().state,
        naive: () => begun().naive,
        fork: forkState,
        copy: (naive) => naive.copy(),
        act,
        compare: (state, naive) => expect(seen(state)).toEqual(seenNaive(naive)),
      },
      action,
    );
    holds(property, 200, FILE);
  });
});
