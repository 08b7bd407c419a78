import { UNREADABLE } from '../../../hardware/block-store.ts';
import { wordOf } from '../context.ts';
import { abandon } from '../reducers.ts';
import { abandoned, type RemoteShadow, type State } from './state.ts';

/** The send buffer is empty, and nothing of its epoch was sealed. */
export function forgetCaptures(own: RemoteShadow): void {
  Object.assign(own, { sendBuffer: [], sent: 0, again: -1, seal: 'unsent', full: false });
  if (own.recapture > 0) own.recapture = 0;
}

/** Nothing is under way, and nothing that was is waited for. */
export function forgetConnection(own: RemoteShadow): void {
  for (const link of own.links) link.messages = [];
  Object.assign(own, { connected: false, sent: 0, again: -1, seal: 'unsent', sealCount: -1 });
  Object.assign(own, { ackDue: false, asked: [], fetched: null });
}

/** The memory of the backup is gone; what it recorded is not. All blocks have to go there again. */
export function loseBackup(own: RemoteShadow): void {
  for (let block = 0; block < own.shadow.size; block++) own.shadow.set(block, UNREADABLE);
  Object.assign(own, { received: [], sealed: [], sealCount: -1, ackDue: false, asked: [] });
  Object.assign(own, { connected: false, recapture: 0 });
}

/** The machine is another one from here on, or none: nothing of the one that ran is left. */
export function loseMachine(machine: State): void {
  const { memory, own } = machine;
  abandon(machine);
  abandoned(machine);
  own.restored.reset();
  machine.errors = [];
  for (let block = 0; block < memory.size; block++) memory.set(block, UNREADABLE);
  for (const processor of machine.processors) {
    Object.assign(processor, { running: false, next: 0, register: wordOf(0), rows: [], interrupts: 0 });
  }
  for (const device of machine.devices) Object.assign(device, { next: 0, sent: null });
  machine.held = [];
  machine.releasable = 0;
  forgetCaptures(own);
}
