import { patched } from '../../../hardware/block-store.ts';
import { isRunning } from '../../../hardware/host.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { MachineEvent } from '../events.ts';
import { has, type Request } from '../machine.ts';
import { written } from '../steps.ts';
import type { RemoteShadowEvent } from './events.ts';
import { sendEntry, sendSeal } from './messages.ts';
import { BACKUP, isAlone, openEntries, type State, TO_BACKUP, TO_PRIMARY } from './state.ts';

/** The post-image is captured before the block changes, so that no change is unknown. */
export function write(machine: State, request: Request): AnyEvent[] {
  const { block, offsetBytes, data } = request;
  const isContext = block >= machine.setup.value.dataBlocks;
  if (has(machine, 'e') && isContext) return [written(request)];
  const captured: RemoteShadowEvent = {
    kind: 'entry.captured',
    block,
    data: patched(machine.memory.get(block), offsetBytes, data),
  };
  return [captured, written(request)];
}

/** Buffers are nearly full, or the backup lacks blocks and can take them. */
export function mustCheckpoint(machine: State): boolean {
  const { own, setup } = machine;
  if (own.full || openEntries(machine).length >= setup.value.bufferEntries) return true;
  return own.recapture >= 0 && (isAlone(own) || own.connected);
}

/** Puts the next post-image on the link, while that has room. */
export function nextToSend({ own, epoch }: State): RemoteShadowEvent | undefined {
  const { sendBuffer, sent, again, links } = own;
  if (links[TO_BACKUP].messages.length >= links[TO_BACKUP].capacity) return undefined;
  const number = again >= 0 ? again : sent;
  return number < sendBuffer.length ? sendEntry(epoch + 1, number, sendBuffer[number]) : undefined;
}

/** Tells the backup how many post-images there are. */
export function nextSeal({ own, epoch }: State): RemoteShadowEvent | undefined {
  const { messages, capacity } = own.links[TO_BACKUP];
  return messages.length < capacity ? sendSeal(epoch + 1, own.sendBuffer.length) : undefined;
}

/** A block that the backup has lost goes to it like one that was written. */
export function recapture({ own, memory, decisionDue }: State): RemoteShadowEvent | undefined {
  const { recapture: block } = own;
  if (!decisionDue || own.seal !== 'unsent' || block < 0 || block === memory.size) return undefined;
  return { kind: 'entry.captured', block, data: memory.get(block), recaptured: true };
}

/**
 * A cut link is a reason to go on without a checkpoint only before the seal was sent: after it nobody but the backup knows
 * whether the checkpoint is recorded.
 */
export function skip(machine: State): RemoteShadowEvent | undefined {
  const { own, setup, decisionDue } = machine;
  const isCut = own.links.some(({ up }) => !up);
  return setup.value.policy['linkDown'] === 'skip' &&
    isCut &&
    decisionDue &&
    own.seal === 'unsent' &&
    !mustCheckpoint(machine)
    ? { kind: 'checkpoint.skipped' }
    : undefined;
}

/** The backup has all of the epoch: the send buffer is not needed any more, and the checkpoint is published. */
export function publish({ own, epoch }: State): MachineEvent | RemoteShadowEvent | undefined {
  if (own.acknowledged <= epoch) return undefined;
  return own.sendBuffer.length > 0
    ? { kind: 'captures.dropped' }
    : { kind: 'checkpoint.committed', epoch: own.acknowledged };
}

/** What somebody has to mend before primary and backup can go on together. */
export const repair = (machine: State): RemoteShadowEvent | undefined =>
  restoreLink(machine.own) ??
  (isRunning(machine.own.hosts[BACKUP]) ? undefined : { kind: 'host.restarted', host: BACKUP }) ??
  (machine.own.connected ? undefined : reopened(machine));

/** In the handshake the backup says what it last recorded. */
export const reopened = ({ decided }: State): RemoteShadowEvent => ({
  kind: 'connection.reopened',
  epoch: decided,
});

function restoreLink({ links }: State['own']): RemoteShadowEvent | undefined {
  const link = [TO_BACKUP, TO_PRIMARY].find((at) => !links[at].up);
  return link === undefined ? undefined : { kind: 'link.restored', link };
}
