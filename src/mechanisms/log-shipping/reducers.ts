import { batteryReducers, isPowered } from '../../hardware/battery.ts';
import { hasMemory, hostOf, hostReducers, isRunning } from '../../hardware/host.ts';
import { deliver, linkOf, linkReducers, messageToDeliver } from '../../hardware/link.ts';
import { expectLegal, type Reducers } from '../../kernel/reducers.ts';
import { firstOfDrain } from './agent.ts';
import { entryIn } from './destination.ts';
import { decodeSeal, type Entry, encodeEntry, withBitFlipped } from './entry.ts';
import type { LogShippingEvent, LogShippingEventOf, logShippingEvents } from './events.ts';
import { messageEnergy } from './pacing.ts';
import {
  applyTo,
  canShip,
  chose,
  type Destination,
  entryInRegion,
  has,
  type LogShipping,
  PRIMARY,
  rawInRegion,
  type Shipping,
} from './state.ts';

export const logShippingReducers: Reducers<LogShipping, typeof logShippingEvents> = {
  ...hostReducers,
  ...linkReducers,
  ...batteryReducers,
  'log.appended': (state, event) => {
    const { application, log } = state;
    const { seq, txnEnd = false } = event;
    expectApplication(state, event);
    expectInStore(state, event);
    expectLegal(log.pending === null, event, 'another entry is on its way to the region');
    expectLegal(seq > 0 && seq <= log.tail, event, `the next entry is ${log.tail}`);
    log.pending = { seq, raw: encodeEntry({ ...event, txnEnd }) };
    if (seq < log.tail) return; // written once more
    log.tail++;
    application.logged++;
    application.throttled = false;
    application.delays = 0;
  },
  'log.persisted': (state, event) => {
    const { log } = state;
    const { seq } = event;
    const raw = pendingOf(state, event);
    log.slots[seq % log.slots.length] = raw;
    log.pending = null;
    if (seq <= log.durable) return;
    log.durable = seq;
    if (entryInRegion(state, seq)?.txnEnd) log.complete = seq;
  },
  'log.torn': (state, event) => {
    const { log } = state;
    const { seq, writtenBytes } = event;
    const raw = pendingOf(state, event);
    expectLegal(2 * writtenBytes < raw.length, event, `the entry has ${raw.length / 2} bytes`);
    const old = rawInRegion(state, seq).padEnd(raw.length, '0');
    log.slots[seq % log.slots.length] = raw.slice(0, 2 * writtenBytes) + old.slice(2 * writtenBytes);
    log.pending = null;
  },
  'log.corrupted': (state, event) => {
    const { log } = state;
    const { seq, bit } = event;
    const raw = rawInRegion(state, seq);
    expectLegal(bit < 4 * raw.length, event, `the slot of entry ${seq} holds ${raw.length / 2} bytes`);
    log.slots[seq % log.slots.length] = withBitFlipped(raw, bit);
  },
  'log.reclaimed': (state, event) => {
    const { log } = state;
    expectLegal(canShip(state), event, 'nobody on the primary can');
    expectLegal(event.seq >= log.head && event.seq <= log.durable, event, 'no such entries are held');
    log.head = event.seq + 1;
  },
  'region.filled': (state, event) => {
    const { log } = state;
    const free = log.slots.length - (log.tail - log.head);
    expectLegal(log.taken === 0 && free > 0, event, 'no slot is free');
    log.taken = free;
  },
  'region.freed': (state, event) => {
    expectLegal(state.log.taken > 0, event, 'nothing else uses the region');
    state.log.taken = 0;
  },
  'store.persisted': (state, event) => {
    expectApplication(state, event);
    expectInStore(state, event);
    const { seq, address, data } = event;
    applyTo(state.store, state.setup.value.blockBytes, { seq, address, data, txnEnd: false });
    state.application.stored++;
  },
  'operation.acknowledged': (state, event) => {
    const { application, setup } = state;
    expectApplication(state, event);
    const operation = setup.value.operations[application.operation];
    expectLegal(operation?.at(-1)?.seq === event.seq, event, 'the application is at another operation');
    application.operation++;
    application.logged = 0;
    application.stored = 0;
  },
  'application.throttled': (state, event) => {
    expectApplication(state, event);
    state.application.throttled = true;
  },
  'application.delayed': (state, event) => {
    expectApplication(state, event);
    state.application.delays++;
  },
  'shipping.rewound': (state, event) => {
    const shipping = shippingOf(state, event);
    expectLegal(canShip(state), event, 'nobody on the primary can');
    shipping.sent = shipping.acked;
    shipping.sealSent = false;
  },
  'message.sent': (state, event) => {
    const { from } = linkOf(state, event);
    if (from !== PRIMARY) {
      expectLegal(isRunning(state.hosts[from]), event, 'the destination does not run');
      linkReducers['message.sent'](state, event);
      state.destinations[from - 1].answer = 'none';
      return;
    }
    const { to } = linkOf(state, event);
    const onMains = state.batteries[PRIMARY].source === 'mains';
    expectLegal(canShip(state), event, 'the primary can send nothing');
    const energy = messageEnergy(state.setup.value.power, event.data.length / 2);
    expectLegal(onMains || state.paid >= energy, event, `the battery gave ${state.paid} of ${energy} for it`);
    linkReducers['message.sent'](state, event);
    state.paid = 0;
    const shipping = state.shipping[to - 1];
    if (event.subject === 'seal') shipping.sealSent = true;
    else shipping.sent = Math.max(shipping.sent, event.number);
  },
  'message.delivered': (state, event) => {
    const { to, from } = linkOf(state, event);
    const { subject, number, data } = messageToDeliver(state, event);
    deliver(state, event);
    if (to !== PRIMARY) {
      if (isRunning(state.hosts[to])) state.destinations[to - 1].inbox.push({ subject, data });
    } else if (canShip(state)) takeAnswer(state.shipping[from - 1], subject, number);
  },
  'link.cut': (state, event) => {
    linkReducers['link.cut'](state, event);
    countChange(state, event);
  },
  'link.restored': (state, event) => {
    linkReducers['link.restored'](state, event);
    countChange(state, event);
  },
  'remote.persisted': (state, event) => {
    const one = destinationOf(state, event);
    const entry = arrivedEntry(state, one, event);
    expectLegal(entry?.seq === event.seq, event, 'another entry arrived first, or none');
    one.log.push({ seq: event.seq, raw: one.inbox[0].data });
    one.inbox.shift();
    one.answer = 'ack';
    while (one.log.some(({ seq }) => seq === one.received + 1)) one.received++;
  },
  'remote.discarded': (state, event) => {
    const one = destinationOf(state, event);
    expectLegal(one.inbox.length > 0, event, 'nothing has arrived');
    one.inbox.shift();
    one.answer = event.why === 'known' ? 'ack' : 'request';
  },
  'remote.applied': (state, event) => {
    const one = destinationOf(state, event);
    const at = one.log.findIndex(({ seq }) => seq === event.seq);
    const entry = at < 0 ? undefined : entryIn(state, one.log[at].raw);
    expectLegal(entry !== undefined, event, 'its log does not hold the entry');
    expectInStore(state, { ...event, ...entry });
    applyTo(one.store, state.setup.value.blockBytes, entry);
    one.log.splice(at, 1);
    one.applied = Math.max(one.applied, event.seq);
  },
  'application.stopped': (state, event) => {
    expectApplication(state, event);
    stop(state);
  },
  'drain.started': (state, event) => {
    expectLegal(canShip(state), event, 'nobody on the primary can');
    expectLegal(!state.draining, event, 'the drain runs');
    state.draining = true;
    for (const [destination, shipping] of state.shipping.entries()) {
      if (has(state, 'M2')) shipping.acked = shipping.sent;
      else shipping.sent = firstOfDrain(state, destination) - 1;
    }
  },
  'drain.sealed': (state, event) => {
    const one = destinationOf(state, event);
    const [arrived] = one.inbox;
    const sealed = arrived?.subject === 'seal' && decodeSeal(arrived.data) === event.seq;
    expectLegal(sealed, event, 'no such seal arrived first');
    one.inbox.shift();
    one.seal = event.seq;
    one.log = one.log.filter(({ seq }) => seq <= event.seq); // of a transaction without an end
  },
  'application.restarted': (state, event) => {
    const one = destinationOf(state, event);
    expectLegal(!one.running, event, 'the application runs there');
    one.running = true;
  },
  'host.failed': (state, event) => {
    const supply = state.batteries[event.host];
    expectLegal(supply !== undefined && !isPowered(supply), event, 'it has power');
    loseMemory(state, event);
  },
  'host.crashed': loseMemory,
  'host.panicked': (state, event) => {
    hostReducers['host.panicked'](state, event);
    if (event.host === PRIMARY) stop(state);
  },
  'host.fenced': (state, event) => {
    hostReducers['host.fenced'](state, event);
    for (const link of state.links) if (link.from === event.host) link.messages = [];
  },
  'host.restarted': (state, event) => {
    const supply = state.batteries[event.host];
    expectLegal(supply === undefined || isPowered(supply), event, 'it has no power');
    hostReducers['host.restarted'](state, event);
    if (event.host === PRIMARY) state.exhausted = false;
    else state.destinations[event.host - 1].answer = 'request';
  },
  'battery.exhausted': (state, event) => {
    batteryReducers['battery.exhausted'](state, event);
    state.exhausted = true;
  },
  'battery.drained': (state, event) => {
    batteryReducers['battery.drained'](state, event);
    state.paid += event.energy;
  },
  'loss.reported': (state, { what }) => {
    state.loss = what;
  },
};

/** What was to happen to the network has happened, whoever did it. */
function countChange(
  state: LogShipping,
  { kind, link }: LogShippingEventOf<'link.cut' | 'link.restored'>,
): void {
  const change = state.setup.value.network[state.networkChanges];
  if (change?.kind === kind && change.link === link) state.networkChanges++;
}

function loseMemory(state: LogShipping, event: LogShippingEventOf<'host.failed' | 'host.crashed'>): void {
  const host = hostOf(state, event);
  expectLegal(host.condition !== 'failed', event, 'the host has failed already');
  host.condition = 'failed';
  if (event.host !== PRIMARY) {
    state.destinations[event.host - 1].inbox = [];
    return;
  }
  stop(state);
  state.draining = false;
  state.paid = 0;
  const { log } = state;
  for (const shipping of state.shipping) {
    shipping.acked = log.head - 1; // the header of the region is all that knows
    shipping.sent = log.head - 1;
    shipping.sealSent = false;
  }
  if (chose(state, 'region', 'battery-held')) log.slots = log.slots.map(() => '');
}

function stop({ application, log }: LogShipping): void {
  application.running = false;
  application.throttled = false;
  application.delays = 0;
  log.pending = null;
}

/** An answer below what is acknowledged is an old one. */
function takeAnswer(shipping: Shipping, subject: string, number: number): void {
  if (number < shipping.acked) return;
  shipping.acked = number;
  if (subject === 'request') {
    shipping.sent = number;
    shipping.sealSent = false;
  } else shipping.sent = Math.max(shipping.sent, number);
}

function expectApplication(state: LogShipping, event: LogShippingEvent): void {
  const runs = state.application.running && hasMemory(state.hosts[PRIMARY]);
  expectLegal(runs && isPowered(state.batteries[PRIMARY]), event, 'the application does not run');
}

function expectInStore(
  { setup }: LogShipping,
  event: LogShippingEvent & Pick<Entry, 'address' | 'data'>,
): void {
  const { storeBlocks, blockBytes } = setup.value;
  const { address, data } = event;
  const fits = address < storeBlocks * blockBytes && (address % blockBytes) + data.length / 2 <= blockBytes;
  expectLegal(fits, event, 'it lies outside the store, or in two blocks');
}

function pendingOf({ log, hosts }: LogShipping, event: LogShippingEvent & { seq: number }): string {
  expectLegal(log.pending?.seq === event.seq, event, 'no such entry is on its way to the region');
  expectLegal(hasMemory(hosts[PRIMARY]), event, 'the primary has failed');
  return log.pending.raw;
}

function shippingOf({ shipping }: LogShipping, event: LogShippingEvent & { host: number }): Shipping {
  const one = shipping[event.host - 1];
  expectLegal(one !== undefined, event, `there is no destination ${event.host}`);
  return one;
}

function destinationOf(state: LogShipping, event: LogShippingEvent & { host: number }): Destination {
  const one = state.destinations[event.host - 1];
  expectLegal(one !== undefined, event, `there is no destination ${event.host}`);
  expectLegal(isRunning(state.hosts[event.host]), event, 'the destination does not run');
  return one;
}

function arrivedEntry(
  state: LogShipping,
  { inbox }: Destination,
  event: LogShippingEvent,
): Entry | undefined {
  expectLegal(inbox.length > 0 && inbox[0].subject === 'entry', event, 'no entry has arrived');
  return entryIn(state, inbox[0].data);
}
