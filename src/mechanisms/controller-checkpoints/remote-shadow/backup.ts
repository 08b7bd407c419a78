import { has } from '../machine.ts';
import type { RemoteShadowEvent } from './events.ts';
import { sendAck, sendNack } from './messages.ts';
import { type RemoteShadow, type State, TO_BACKUP, TO_PRIMARY } from './state.ts';

const hasRoom = ({ links }: RemoteShadow): boolean =>
  links[TO_PRIMARY].messages.length < links[TO_PRIMARY].capacity;

/** Answers a seal: records the epoch and acknowledges it, or says what is missing. */
export function answer(machine: State): RemoteShadowEvent | undefined {
  const { own, decided } = machine;
  if (own.ackDue) {
    const isEarly = has(machine, 'b') && own.sealCount >= 0;
    return hasRoom(own) ? sendAck(isEarly ? decided + 1 : decided) : undefined;
  }
  if (own.sealCount < 0) return undefined;
  if (isComplete(machine)) {
    const isBehind = own.sealed.length > 0; // one sealed epoch at most: a slow backup holds the primary back
    return (isBehind ? apply(machine) : undefined) ?? recorded(machine);
  }
  return hasRoom(own) ? sendNack(firstMissing(own)) : undefined;
}

export const recorded = ({ decided }: State): RemoteShadowEvent => ({
  kind: 'commit.recorded',
  epoch: decided + 1,
});

/** Whether all that the seal announced has arrived, and can be read. */
export const isComplete = (machine: State): boolean =>
  machine.own.sealCount >= 0 && (has(machine, 'c') || machine.own.received.length === machine.own.sealCount);

function firstMissing({ received }: RemoteShadow): number {
  const gap = received.findIndex(({ number }, at) => number !== at);
  return gap < 0 ? received.length : gap;
}

/** Brings the shadow up to date from what is recorded. */
export function apply(machine: State): RemoteShadowEvent | undefined {
  const { sealed, received, shadow } = machine.own;
  if (sealed.length > 0) {
    const { block, data } = sealed[0];
    return { kind: 'entry.applied', buffer: 'sealed', block, data };
  }
  const newest = has(machine, 'a') ? received.at(-1) : undefined;
  if (newest === undefined || shadow.get(newest.block) === newest.data) return undefined;
  return { kind: 'entry.applied', buffer: 'open', block: newest.block, data: newest.data };
}

/** What arrives next: in order, unless it is late; what is late comes when it is the only thing left. */
export function arrival(
  { own }: State,
  which: 'in order' | 'late',
  links: readonly number[] = [TO_PRIMARY, TO_BACKUP],
): RemoteShadowEvent | undefined {
  for (const link of links) {
    const { messages } = own.links[link];
    const position = which === 'late' ? messages.length - 1 : messages.findIndex(({ delayed }) => !delayed);
    if (position >= 0) return { kind: 'message.delivered', link, position: which === 'late' ? 0 : position };
  }
  return undefined;
}

/** Empties a receive buffer whose epoch nobody goes on with. */
export const discard = ({ received, sealCount }: RemoteShadow): RemoteShadowEvent | undefined =>
  received.length === 0 && sealCount < 0 ? undefined : { kind: 'buffer.discarded' };
