import { describe, expect, it } from 'vitest';
import { accessStep } from '../../src/hypervisor/access-step.ts';
import type { Access } from '../../src/hypervisor/rights.ts';
import { dropsPending, isStale, staleEntries } from '../../src/hypervisor/tlb.ts';
import { translate } from '../../src/hypervisor/translate.ts';
import { pagesOnFrame, walk } from '../../src/hypervisor/translation.ts';
import { isPaused } from '../../src/hypervisor/virtual-machine.ts';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import { evolved } from '../../src/kernel/snapshot.ts';
import { evolve, type MachineEvent, type MachineState, newMachine, prologue } from './machine.ts';

const NESTED = 0;
const SHADOW = 1;
const all = { readable: true, writable: true, executable: true } as const;
const readOnly = { readable: true } as const;
const hostPage0 = { vm: NESTED, level: 'host', page: 0 } as const;

function begun(...events: MachineEvent[]): MachineState {
  const state = newMachine();
  for (const event of [...prologue, ...events]) evolve(state, event);
  return state;
}

/** Takes an access as far as it goes; the kinds of the events on the way. */
function access(state: MachineState, core: number, page: number, how: Access): string[] {
  const kinds: string[] = [];
  for (;;) {
    const event = accessStep(state, core, page, how);
    if (event === undefined) return kinds;
    evolve(state, event);
    kinds.push(event.kind);
    if (event.kind === 'vm.exited' || event.kind === 'guest.faulted') return kinds;
  }
}

const refusal = (state: MachineState, event: MachineEvent): string => {
  try {
    evolve(state, event);
  } catch (error) {
    if (error instanceof IllegalEvent) return error.reason;
  }
  return 'none';
};

describe('a walk', () => {
  it('marks both tables, then fills the TLB; the next access hits', () => {
    const state = begun();

    const kinds = access(state, 0, 0, 'write');

    expect(kinds).toEqual(['page.marked', 'page.marked', 'tlb.filled']);
    expect(access(state, 0, 0, 'write')).toEqual([]);
    expect(translate(state, 0, 0, 'write')).toEqual({ kind: 'hit', frame: 0 });
    expect(translate(state, 1, 0, 'write').kind).toBe('miss');
  });

  it('is made again by the first store, for the dirty bit', () => {
    const state = begun();
    access(state, 0, 0, 'read');

    const kinds = access(state, 0, 0, 'write');

    expect(kinds).toEqual(['page.marked', 'page.marked', 'tlb.filled']);
  });

  it('sets a cleared accessed bit again, though the dirty bit is set', () => {
    const state = begun();
    access(state, 0, 0, 'write');
    evolve(state, { kind: 'page.unmarked', ...hostPage0, bit: 'accessed' });

    expect(access(state, 1, 0, 'write')).toEqual(['page.marked', 'tlb.filled']);
    expect(state.pageTables[NESTED].host.get(0)?.accessed).toBe(true);
  });

  it('that allows nothing is not kept', () => {
    const state = begun();
    access(state, 0, 0, 'read');
    evolve(state, { kind: 'page.protected', ...hostPage0 });

    const fill = { kind: 'tlb.filled', core: 1, page: 0, frame: 0 } as const;

    expect(refusal(state, fill)).toBe('a translation that allows nothing is not kept');
  });

  it('under shadow paging looks only at the host table', () => {
    const state = begun({ kind: 'page.unmapped', vm: SHADOW, level: 'guest', page: 0 });

    expect(access(state, 2, 0, 'read')).toEqual(['page.marked', 'tlb.filled']);
    expect(translate(state, 2, 1, 'read')).toEqual({ kind: 'host-violation', guestPage: 1 });
  });

  it('is told to the guest when its own table forbids the access, whatever the host table says', () => {
    const state = begun(
      { kind: 'page.protected', vm: NESTED, level: 'guest', page: 0, ...readOnly },
      { kind: 'page.unmapped', ...hostPage0 },
    );

    expect(access(state, 0, 0, 'write')).toEqual(['guest.faulted']);
    expect(access(state, 0, 0, 'read')).toEqual(['vm.exited']);
    expect(state.virtualCores[0].exit).toEqual({
      reason: 'host-violation',
      page: 0,
      guestPage: 0,
      access: 'read',
    });
  });

  it('cannot fill the TLB before its marks, nor with what the tables do not give', () => {
    const state = begun();
    const fill = { kind: 'tlb.filled', core: 0, page: 0, frame: 0, ...all } as const;
    expect(refusal(state, fill)).toBe('the accessed bits on the way are set first');

    access(state, 1, 0, 'read');

    expect(refusal(state, { ...fill, frame: 1 })).toBe('the tables give something else');
    expect(refusal(state, { ...fill, dirty: true })).toBe('the tables give something else');
    expect(refusal(state, fill)).toBe('none');
  });
});

describe('tightening', () => {
  const protect = { kind: 'page.protected', ...hostPage0, ...readOnly } as const;

  it('is complete only when every TLB has acknowledged', () => {
    const state = begun();
    access(state, 0, 0, 'write');
    access(state, 1, 0, 'write');

    evolve(state, protect);
    for (const core of [0, 1]) evolve(state, { kind: 'tlb.drop.requested', core, page: 0 });
    evolve(state, { kind: 'tlb.dropped', core: 0, page: 0 });

    expect(access(state, 0, 0, 'write')).toEqual(['vm.exited']);
    expect(translate(state, 1, 0, 'write').kind).toBe('hit');
    expect(dropsPending(state, NESTED)).toBe(true);
    expect(staleEntries(state, NESTED)).toEqual([{ core: 1, page: 0 }]);

    evolve(state, { kind: 'tlb.dropped', core: 1, page: 0 });

    expect(access(state, 1, 0, 'write')).toEqual(['vm.exited']);
    expect(dropsPending(state, NESTED)).toBe(false);
    expect(staleEntries(state, NESTED)).toEqual([]);
  });

  it('never takes effect where nobody drops the entry', () => {
    const state = begun();
    access(state, 0, 0, 'write');

    evolve(state, protect);

    expect(translate(state, 0, 0, 'write').kind).toBe('hit');
    expect(refusal(state, { kind: 'tlb.dropped', core: 0, page: 0 })).toBe('nobody requested it');
  });

  it('a flush of everything acknowledges every request', () => {
    const state = begun();
    access(state, 0, 0, 'write');
    evolve(state, { kind: 'tlb.drop.requested', core: 0, page: 5 });
    evolve(state, { kind: 'tlb.drop.requested', core: 0 });

    evolve(state, { kind: 'tlb.dropped', core: 0 });

    expect(state.tlbs[0].entries.size).toBe(0);
    expect(dropsPending(state, NESTED)).toBe(false);
  });

  it('counts a cleared dirty bit: a store through the old entry would leave no mark', () => {
    const state = begun();
    access(state, 0, 0, 'write');

    evolve(state, { kind: 'page.unmarked', ...hostPage0, bit: 'dirty' });

    expect(isStale(state, 0, 0)).toBe(true);
    expect(access(state, 0, 0, 'write')).toEqual([]);
    expect(state.pageTables[NESTED].host.get(0)?.dirty).toBe(false);
  });
});

describe('an alias', () => {
  it('of the same frame is stale all the same: the host table may part the two', () => {
    const host1 = { kind: 'page.mapped', ...hostPage0, page: 1, frame: 0, ...all } as const;
    const state = begun(host1);
    access(state, 0, 0, 'read');

    evolve(state, { kind: 'page.mapped', vm: NESTED, level: 'guest', page: 0, frame: 1, ...all });

    expect(isStale(state, 0, 0)).toBe(true);
    expect(translate(state, 0, 0, 'read')).toEqual({ kind: 'hit', frame: 0 });
  });
});

describe('relaxing', () => {
  it.each(['guest', 'host'] as const)('of the %s table may lag and costs one spurious trap', (level) => {
    const at = { vm: NESTED, level, page: 0 } as const;
    const state = begun({ kind: 'page.protected', ...at, ...readOnly });
    access(state, 0, 0, 'read');

    evolve(state, { kind: 'page.protected', ...at, ...all });

    expect(isStale(state, 0, 0)).toBe(false);
    expect(walk(state.pageTables[NESTED], 0, 'write').kind).toBe('walked');
    expect(access(state, 0, 0, 'write')).toEqual([level === 'guest' ? 'guest.faulted' : 'vm.exited']);
    if (level === 'host') evolve(state, { kind: 'vm.resumed', core: 0 });
    expect(access(state, 0, 0, 'write').at(-1)).toBe('tlb.filled');
  });
});

describe('traps', () => {
  it('an access that the tables allow cannot exit as a violation', () => {
    const exit = { kind: 'vm.exited', core: 0, reason: 'host-violation', page: 0, access: 'read' } as const;

    expect(refusal(begun(), { ...exit, guestPage: 0 })).toBe('the host table does not forbid this access');
    expect(refusal(begun(), { kind: 'vm.exited', core: 0, reason: 'hypercall' })).toBe('none');
  });

  it('an interrupt waits until the core is in the guest', () => {
    const state = begun({ kind: 'vm.exited', core: 0, reason: 'exception' });
    for (const vector of [33, 32, 33]) evolve(state, { kind: 'interrupt.raised', core: 0, vector });
    const taken = { kind: 'interrupt.taken', core: 0, vector: 33 } as const;

    expect(refusal(state, taken)).toBe('the core is not in the guest');
    evolve(state, { kind: 'vm.resumed', core: 0 });
    expect(refusal(state, taken)).toBe('none');

    expect(state.virtualCores[0].exit).toBeNull();
    expect(state.virtualCores[0].interrupts).toEqual([32]);
    expect(refusal(state, { kind: 'interrupt.raised', core: 0, vector: 256 })).toBe(
      'there is no such vector',
    );
  });
});

describe('a migration', () => {
  const stop: MachineEvent[] = [0, 1].map((core) => ({ kind: 'vm.exited', core, reason: 'interrupt' }));
  const pause = { kind: 'vm.paused', vm: NESTED } as const;
  const move = { kind: 'vm.moved', vm: NESTED, host: 1 } as const;

  it('leaves host table and TLBs behind, and takes guest table and exits along', () => {
    const state = begun();
    access(state, 0, 0, 'write');
    const guest = [...state.pageTables[NESTED].guest.entries()];
    evolve(state, { kind: 'tlb.drop.requested', core: 0, page: 0 });

    for (const event of [...stop, pause, move]) evolve(state, event);

    expect(state.virtualMachines[NESTED].host).toBe(1);
    expect(state.pageTables[NESTED].host.size).toBe(0);
    expect([...state.pageTables[NESTED].guest.entries()]).toEqual(guest);
    expect(state.tlbs[0].entries.size).toBe(0);
    expect(dropsPending(state, NESTED)).toBe(false);
    expect(state.virtualCores[0].exit?.reason).toBe('interrupt');
    expect(state.pageTables[SHADOW].host.size).toBe(1);
  });

  it('needs every core held', () => {
    const state = begun(stop[0]);

    expect(refusal(state, pause)).toBe('core 1 is not in the mode hypervisor');
    evolve(state, stop[1]);
    expect(refusal(state, move)).toBe('core 0 is not in the mode paused');
    evolve(state, pause);
    expect(isPaused(state, NESTED)).toBe(true);
    expect(refusal(state, { kind: 'vm.resumed', core: 0 })).toBe('the mode of the core is paused');
    expect(refusal(state, { ...move, host: 0 })).toBe('it is there already');
    expect(refusal(state, { ...move, host: 2 })).toBe('there is no host 2');
    for (const event of [move, { kind: 'vm.unpaused', vm: NESTED }] as const) evolve(state, event);
    expect(refusal(state, { kind: 'vm.resumed', core: 0 })).toBe('none');
  });
});

describe('a state', () => {
  const map = (page: number): MachineEvent => ({ kind: 'page.mapped', ...hostPage0, page, frame: 7, ...all });

  it('does not depend on the order in which pages were mapped', () => {
    const [one, other] = [begun(map(1), map(2 ** 40)), begun(map(2 ** 40), map(1))];

    expect(classDigest(one).hex()).toBe(classDigest(other).hex());
    expect(classDigest(one).hex()).not.toBe(classDigest(begun()).hex());
    expect(pagesOnFrame(one.pageTables[NESTED], 7)).toEqual([1, 2 ** 40]);
  });

  it('keeps the private bits of an entry, and tells states apart by them', () => {
    const [one, other] = [1, 2].map((privateBits) =>
      begun({ kind: 'page.protected', ...hostPage0, ...readOnly, privateBits }),
    );

    expect(one.pageTables[NESTED].host.get(0)?.privateBits).toBe(1);
    expect(classDigest(one).hex()).not.toBe(classDigest(other).hex());
  });

  it('evolves as an immutable value, too', () => {
    const model = {
      name: 'machine',
      version: 1,
      evolve: (state: MachineState, event: MachineEvent) => evolve(state, event),
      digest: classDigest,
    };
    const state = begun();
    const before = classDigest(state).hex();
    const events = [map(3), { kind: 'interrupt.raised', core: 0, vector: 1 } as const];

    const after = evolved(model, state, events);

    expect(classDigest(state).hex()).toBe(before);
    expect(classDigest(after).hex()).toBe(classDigest(begun(...events)).hex());
  });
});
