import { UNREADABLE } from '../../../hardware/block-store.ts';
import { hostReducers, isRunning } from '../../../hardware/host.ts';
import { deliver, linkOf, linkReducers } from '../../../hardware/link.ts';
import { expectLegal, type Reducers } from '../../../kernel/reducers.ts';
import type { machineEvents } from '../events.ts';
import { mendError, passDecision } from '../machine.ts';
import { blockOf, turnAfter } from '../reducers.ts';
import { afterSending, receive } from './delivery.ts';
import type { remoteShadowEvents } from './events.ts';
import { forgetCaptures, forgetConnection, loseBackup, loseMachine } from './losses.ts';
import { BACKUP, isAlone, type RemoteShadow, type State } from './state.ts';

type Kinds = typeof remoteShadowEvents & Pick<typeof machineEvents, 'block.restored'>;

export const remoteShadowReducers: Reducers<State, Kinds> = {
  ...faultsOfLinks(),
  'message.sent': (machine, event) => {
    linkReducers['message.sent'](machine.own, event);
    afterSending(machine, event);
    yieldTurn(machine);
  },
  'message.delivered': (machine, event) => {
    const { own } = machine;
    const { to } = linkOf(own, event);
    const message = deliver(own, event);
    if (isRunning(own.hosts[to])) receive(machine, to, message);
    yieldTurn(machine);
  },
  'link.restored': (machine, event) => {
    linkReducers['link.restored'](machine.own, event);
    if (machine.own.links.every(({ up }) => up)) machine.own.skipped = false;
    yieldTurn(machine);
  },
  'host.failed': (machine, event) => {
    const { own } = machine;
    hostReducers['host.failed'](own, event);
    if (event.host === BACKUP) loseBackup(own);
    if (event.host === own.active) loseMachine(machine);
    for (const link of own.links) if (link.to === event.host) link.messages = [];
  },
  'host.suspected': ({ own }, event) => hostReducers['host.suspected'](own, event),
  'host.fenced': (machine, event) => {
    const { own } = machine;
    hostReducers['host.fenced'](own, event);
    own.hosts[event.host].condition = 'failed'; // the fence cuts its power
    if (event.host === own.active) loseMachine(machine);
  },
  'host.restarted': (machine, event) => {
    hostReducers['host.restarted'](machine.own, event);
    yieldTurn(machine);
  },
  'entry.captured': (machine, event) => {
    blockOf(machine, event);
    const { own } = machine;
    const { block, data } = event;
    const entry = { block, data, written: event.recaptured !== true };
    if (isAlone(own)) own.received.push({ ...entry, number: own.received.length });
    else own.sendBuffer.push(entry);
    if (event.recaptured === true) own.recapture = block + 1;
  },
  'captures.dropped': ({ own }) => {
    forgetCaptures(own);
  },
  'buffer.filled': ({ own }) => {
    own.full = true;
  },
  'buffer.discarded': ({ own }) => {
    own.received = [];
    own.sealCount = -1;
    if (isAlone(own)) forgetCaptures(own);
  },
  'commit.recorded': (machine, event) => {
    const { own } = machine;
    expectLegal(isRunning(own.hosts[BACKUP]), event, 'the backup does not run');
    own.sealed.push(...own.received.map(({ block, data, written }) => ({ block, data, written })));
    own.received = [];
    own.sealCount = -1;
    if (own.recapture === machine.memory.size) own.recapture = -1;
    if (isAlone(own)) forgetCaptures(own);
    else own.ackDue = true;
    passDecision(machine);
  },
  'entry.applied': (machine, event) => {
    blockOf(machine, event);
    const { own } = machine;
    expectLegal(isRunning(own.hosts[BACKUP]), event, 'the backup does not run');
    own.shadow.set(event.block, event.data);
    if (event.buffer === 'sealed') own.sealed.shift();
    yieldTurn(machine);
  },
  'checkpoint.skipped': (machine) => {
    machine.decisionDue = false;
    machine.own.skipped = true;
  },
  'connection.reopened': (machine, event) => {
    const { own } = machine;
    expectLegal(
      own.links.every(({ up }) => up) && own.hosts.every(isRunning),
      event,
      'a link is cut, or a host does not run',
    );
    own.acknowledged = event.epoch;
    forgetConnection(own);
    own.connected = true;
    own.reconnected = machine.failed;
    yieldTurn(machine);
  },
  'copy.failed': ({ own, memory }, event) => {
    const { area, at } = event;
    expectLegal(isRunning(own.hosts[BACKUP]), event, 'the backup does not run');
    if (area === 'shadow') {
      expectLegal(at < memory.size, event, `there is no block ${at}`);
      own.shadow.set(at, UNREADABLE);
    } else {
      const entry = (area === 'sealed buffer' ? own.sealed : own.received)[at];
      expectLegal(entry !== undefined, event, `the ${area} has no entry ${at}`);
      entry.data = UNREADABLE;
    }
    if (area === 'receive buffer' && !isAlone(own)) own.received.splice(at, 1);
    else own.recapture = 0;
  },
  'takeover.begun': (machine, event) => {
    const { own } = machine;
    expectLegal(isRunning(own.hosts[BACKUP]), event, 'the backup does not run');
    loseMachine(machine);
    own.hosts[BACKUP].role = 'primary';
    own.active = BACKUP;
    own.acknowledged = 0;
    own.recapture = -1;
    own.skipped = false;
    forgetConnection(own);
    for (const link of own.links) link.up = true; // they lead nowhere any more
  },
  'block.restored': (machine, event) => {
    blockOf(machine, event);
    machine.memory.set(event.block, event.data);
    mendError(machine, 'memory', event.block);
    machine.own.restored.set(event.block);
    machine.own.fetched = null;
  },
};

/** What befalls links changes nothing else. */
function faultsOfLinks() {
  const on =
    <E>(reduce: (own: RemoteShadow, event: E) => void) =>
    ({ own }: State, event: E): void =>
      reduce(own, event);
  return {
    'message.delayed': on(linkReducers['message.delayed']),
    'message.duplicated': on(linkReducers['message.duplicated']),
    'message.truncated': on(linkReducers['message.truncated']),
    'message.lost': on(linkReducers['message.lost']),
    'link.cut': on(linkReducers['link.cut']),
  };
}

/** The links and the backup had their turn. */
const yieldTurn = (machine: State): void =>
  turnAfter(machine, machine.processors.length + machine.devices.length);
