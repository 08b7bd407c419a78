import { coreOf } from '../../hypervisor/virtual-core.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { expectLegal } from '../../kernel/reducers.ts';
import { type Guest, type Host, memoryOf, type State, type VirtualHint } from './machine.ts';

// What an event names must be there, and what it needs must be so; else it is illegal, and nothing has changed.

export type OfCore = AnyEvent & { readonly core: number };
export type OfHost = AnyEvent & { readonly host: number };
export type OfMachine = AnyEvent & { readonly vm: number };

export function hostIn(state: State, event: OfHost): Host {
  expectLegal(event.host < state.hosts.length, event, `there is no host ${event.host}`);
  return state.hosts[event.host];
}

export function poweredHost(state: State, event: OfHost): Host {
  const host = hostIn(state, event);
  expectLegal(host.memory.state.powered, event, 'the power is off');
  return host;
}

export function guestOf(state: State, event: OfMachine): Guest {
  expectLegal(event.vm < state.guests.length, event, `there is no virtual machine ${event.vm}`);
  return state.guests[event.vm];
}

export function entryOf(state: State, event: OfMachine & { readonly entry: number }): VirtualHint {
  const { hints } = guestOf(state, event);
  expectLegal(event.entry < hints.length, event, `it has no flush hint ${event.entry}`);
  return hints[event.entry];
}

/** The virtual core runs on this host. */
export function expectOn(state: State, event: OfCore & OfHost): void {
  const { vm } = coreOf(state, event);
  expectLegal(state.virtualMachines[vm].host === event.host, event, 'the virtual core is on another host');
}

export function expectBetweenInstructions(state: State, event: OfCore): void {
  const { fence } = memoryOf(state, coreOf(state, event).vm).cores[event.core];
  expectLegal(fence === null, event, 'the core is in the midst of a fence');
}

export function expectMask({ hints }: Host, event: AnyEvent, mask: number): void {
  expectLegal(mask < 2 ** hints.length, event, 'there is no such controller');
}
