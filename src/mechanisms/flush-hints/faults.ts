import { queueSurvives } from '../../hardware/persistent-memory/configuration.ts';
import type { FaultCase, Thoroughness } from '../mechanism.ts';
import { subsets } from '../subsets.ts';
import type { FlushHintEvent } from './events.ts';
import { LINE_BYTES, memoryOf, type State } from './machine.ts';

const INTERRUPT_VECTOR = 32;

export const faults: readonly FaultCase<State, FlushHintEvent>[] = [
  {
    number: 'F1',
    claim: 'power of a host is lost at any moment: what a flush that retired covers is there again',
    survives: true,
    *occurrences(state, how) {
      for (const host of powered(state)) {
        const { platform } = state.hosts[host].memory.state.configuration;
        for (const unasked of unaskedActs(state, host, queueSurvives(platform) ? 'queue' : 'media', how))
          yield [...unasked, { kind: 'power.lost', host }];
      }
    },
  },
  {
    number: 'F13',
    claim:
      'power is lost and the persistence domain with it: survived by guests whose flushes trap, reported for those whose do not',
    *occurrences(state, how) {
      for (const host of powered(state)) {
        if (!queueSurvives(state.hosts[host].memory.state.configuration.platform)) continue;
        for (const unasked of unaskedActs(state, host, 'media', how))
          yield [...unasked, { kind: 'adr.failed', host }, { kind: 'power.lost', host }];
      }
    },
  },
  {
    number: 'F14',
    claim: 'a dirty line is written back unasked: it is in the queue earlier, and no promise depends on that',
    survives: true,
    *occurrences(state) {
      for (const host of powered(state))
        for (const address of dirtyLines(state, host)) yield [{ kind: 'line.evicted', host, address }];
    },
  },
  {
    number: 'F15',
    claim:
      'an interrupt makes a core leave the guest between two instructions, or waits while its trap is handled',
    survives: true,
    *occurrences(state) {
      for (const [core, { vm, mode, interrupts }] of state.virtualCores.entries()) {
        if (state.guests[vm].hasEnded) continue;
        if (mode === 'guest' && memoryOf(state, vm).cores[core].fence === null)
          yield [{ kind: 'vm.exited', core, reason: 'interrupt' }];
        if (mode !== 'guest' && interrupts.length === 0)
          yield [{ kind: 'interrupt.raised', core, vector: INTERRUPT_VECTOR }];
      }
    },
  },
  {
    number: 'F16',
    claim: 'a core answers a shootdown late: its virtual machine waits for it',
    survives: true,
    *occurrences({ tlbs, lateCores }) {
      for (const [core, { flushRequested }] of tlbs.entries())
        if (flushRequested && !lateCores.includes(core)) yield [{ kind: 'tlb.drop.delayed', core }];
    },
  },
  {
    number: 'F21',
    claim: 'a virtual machine is to move at any moment: a flush under way is finished first, or done anew',
    survives: true,
    *occurrences({ guests, hosts, virtualMachines }) {
      for (const [vm, { destination, hasEnded }] of guests.entries()) {
        if (hasEnded || destination >= 0) continue;
        for (let host = 0; host < hosts.length; host++)
          if (host !== virtualMachines[vm].host)
            yield [{ kind: 'migration.requested', vm, host, unasked: true }];
      }
    },
  },
];

const powered = ({ hosts }: State): number[] =>
  [...hosts.keys()].filter((host) => hosts[host].memory.state.powered);

const dirtyLines = ({ hosts }: State, host: number): number[] =>
  [...hosts[host].memory.state.pending.entries()]
    .filter(([, { unaccepted }]) => unaccepted > 0)
    .map(([line]) => line * LINE_BYTES);

/**
 * What may have been written back and drained, unasked, just before power was lost, where that makes a difference to what
 * survives: the queues, or the media only.
 */
function* unaskedActs(
  state: State,
  host: number,
  survives: 'queue' | 'media',
  how: Thoroughness,
): Generator<FlushHintEvent[]> {
  const { queued } = state.hosts[host].memory.state;
  const drained = (address: number): FlushHintEvent => ({ kind: 'wpq.drained', host, address });
  const candidates: FlushHintEvent[][] = [];
  if (survives === 'media')
    for (const [line] of queued.entries()) candidates.push([drained(line * LINE_BYTES)]);
  for (const address of dirtyLines(state, host)) {
    const evicted: FlushHintEvent = { kind: 'line.evicted', host, address };
    candidates.push(survives === 'media' ? [evicted, drained(address)] : [evicted]);
  }
  for (const subset of subsets(candidates, how)) yield subset.flat();
}
