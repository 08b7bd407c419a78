import { UNREADABLE } from '../../../hardware/block-store.ts';
import { isWhole, type Message } from '../../../hardware/link.ts';
import { has } from '../machine.ts';
import type { RemoteShadowEventOf } from './events.ts';
import { blocksIn, entriesIn, entryIn } from './messages.ts';
import { BACKUP, type State } from './state.ts';

/** What a sender knows once it has sent a message. */
export function afterSending({ own }: State, { subject, number }: RemoteShadowEventOf<'message.sent'>): void {
  switch (subject) {
    case 'entry':
      if (own.again >= 0) own.again = -1;
      else own.sent = number + 1;
      return;
    case 'seal':
      own.seal = 'sent';
      return;
    case 'ack':
      own.ackDue = false;
      return;
    case 'nack':
      own.sealCount = -1;
      return;
    case 'block':
      own.asked.shift();
      return;
  }
}

/** What a receiver that runs does with a message; one that was truncated, or is of another epoch, it ignores. */
export function receive(machine: State, to: number, message: Message): void {
  if (to === BACKUP) receiveOnBackup(machine, message);
  else receiveOnPrimary(machine, message);
}

function receiveOnBackup(machine: State, message: Message): void {
  const { own, decided } = machine;
  const { subject, number } = message;
  switch (subject) {
    case 'entry': {
      const entry = entryIn(message);
      if (entry === undefined || entry.epoch !== decided + 1) return;
      const { block, data, written } = entry;
      const at = own.received.findIndex((received) => received.number >= number);
      if (own.received[at]?.number === number) return; // a duplicate
      own.received.splice(at < 0 ? own.received.length : at, 0, { block, data, written, number });
      return;
    }
    case 'seal': {
      const entries = entriesIn(message);
      if (entries === undefined) return;
      if (number <= decided || has(machine, 'b')) own.ackDue = true; // the acknowledgement was lost, or late
      if (number === decided + 1) own.sealCount = entries;
      return;
    }
    case 'fetch':
      own.asked = blocksIn(message);
      return;
  }
}

function receiveOnPrimary({ own, setup, failed }: State, message: Message): void {
  const { subject, number, data } = message;
  switch (subject) {
    case 'ack':
      own.acknowledged = Math.max(own.acknowledged, number);
      return;
    case 'nack':
      if (number >= own.sendBuffer.length || own.seal === 'unsent') return; // of an earlier epoch
      if (setup.value.policy['resend'] === 'selective') own.again = number;
      else own.sent = Math.min(own.sent, number);
      own.seal = 'due';
      return;
    case 'block':
      if (failed && isWhole(message) && data !== UNREADABLE) own.fetched = { block: number, data };
      return;
  }
}
