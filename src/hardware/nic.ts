import { type EventOf, type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';

const nic = field.count('the adapter');
const virtualFunction = field.count('the virtual function of the adapter');

/** Where in a virtual function packets wait: each a queue of its own. */
export const PACKET_QUEUES = ['ring', 'held', 'released'] as const;
export type PacketQueue = (typeof PACKET_QUEUES)[number];

/**
 * Network adapters with virtual functions, each with a transmit ring and, if it has room for one, a hold buffer for
 * packets that must not leave yet. Only what is on the wire is irrevocable. Source: mechanism sheets, section 1.6.
 *
 * The adapter does what it is told: that packets are held, and released no sooner than they may be, is a protocol's.
 */
export const nicEvents = eventTable({
  'nic.configured': {
    since: 1,
    meaning: 'A virtual function was told its address, and whether its packets are to be held.',
    fields: { nic, virtualFunction, mac: field.text('its MAC address'), holding: field.flag('they are') },
  },
  'packet.queued': {
    since: 1,
    meaning: 'A guest put a packet into the transmit ring. While the ring is full (F18), it waits.',
    fields: {
      nic,
      virtualFunction,
      number: field.count('which packet'),
      data: field.bytes('what it carries', 65536),
    },
  },
  'packet.held': {
    since: 1,
    meaning: 'The oldest packet of the ring went into the hold buffer.',
    fields: { nic, virtualFunction, epoch: field.count('the epoch that it is said to belong to') },
  },
  'packet.released': {
    since: 1,
    meaning: 'The oldest packet of the hold buffer may leave, and waits for the wire.',
    fields: { nic, virtualFunction },
  },
  'packet.wired': {
    since: 1,
    meaning: 'The oldest packet of a queue left on the wire, from where nobody takes it back.',
    fields: { nic, virtualFunction, queue: field.choice(PACKET_QUEUES, 'where it waited') },
  },
  'packet.dropped': {
    since: 1,
    meaning: 'The oldest packet of a queue was thrown away, as networks may.',
    fields: { nic, virtualFunction, queue: field.choice(PACKET_QUEUES, 'where it waited') },
  },
  'virtual-function.reset': {
    since: 1,
    meaning: 'A virtual function lost all packets that wait in it; its configuration is kept. Fault F7.',
    fields: { nic, virtualFunction },
  },
  'nic.reset': {
    since: 1,
    meaning: 'An adapter lost all packets that wait in it; its configuration is kept. Fault F7.',
    fields: { nic },
  },
  'nic.lost': {
    since: 1,
    meaning: 'An adapter stopped for good, and the packets in it are lost. Fault F7.',
    fields: { nic },
  },
  'nic.fenced': {
    since: 1,
    meaning: 'An adapter was cut off: nothing leaves it, until it is unfenced.',
    fields: { nic },
  },
  'nic.unfenced': {
    since: 1,
    meaning: 'What waits in an adapter may leave again.',
    fields: { nic },
  },
});

export type NicEvent = EventOf<typeof nicEvents>;
export type NicEventOf<K extends NicEvent['kind']> = EventOfKind<typeof nicEvents, K>;

export interface Packet {
  number: number;
  /** In hexadecimal digits. */
  data: string;
  /** The epoch that it was held under; -1 while it has not been held. */
  epoch: number;
}

export interface VirtualFunction {
  mac: string;
  /** Whether its packets are to be held. */
  holding: boolean;
  /** How many packets the ring, and the hold buffer with what was released from it, have room for. */
  ringCapacity: number;
  holdCapacity: number;
  /** Each oldest first. */
  ring: Packet[];
  held: Packet[];
  released: Packet[];
}

export interface Nic {
  /** Whether it works at all. */
  lost: boolean;
  fenced: boolean;
  virtualFunctions: VirtualFunction[];
}

export interface Nics {
  nics: Nic[];
}

/** An adapter with these virtual functions. */
export const newNic = (virtualFunctions: VirtualFunction[]): Nic => ({
  lost: false,
  fenced: false,
  virtualFunctions,
});

export interface VirtualFunctionConfiguration {
  mac: string;
  /** Default: false. */
  holding?: boolean;
  /** Packets. Default: 256. */
  ringCapacity?: number;
  /** Packets; 0 for an adapter without hold buffers. Default: 100, as of the plug queue of Linux. */
  holdCapacity?: number;
}

/** A virtual function in which nothing waits. */
export const newVirtualFunction = ({
  mac,
  holding = false,
  ringCapacity = 256,
  holdCapacity = 100,
}: VirtualFunctionConfiguration): VirtualFunction => ({
  mac,
  holding,
  ringCapacity,
  holdCapacity,
  ring: [],
  held: [],
  released: [],
});

/** Whether anything can leave the adapter. */
export const canTransmit = ({ lost, fenced }: Nic): boolean => !lost && !fenced;

/** Whether a guest can put a packet into the ring. */
export const hasRingSpace = ({ ring, ringCapacity }: VirtualFunction): boolean => ring.length < ringCapacity;

/** Whether a packet can go from the ring to the hold buffer: a released one keeps its place until it has left. */
export const hasHoldSpace = ({ held, released, holdCapacity }: VirtualFunction): boolean =>
  held.length + released.length < holdCapacity;

/** The adapter that an event names. */
export function nicOf({ nics }: Nics, event: NicEvent): Nic {
  const nic = nics[event.nic];
  expectLegal(nic !== undefined, event, `there is no adapter ${event.nic}, but ${nics.length}`);
  return nic;
}

/** The virtual function that an event names, of an adapter that works. */
export function virtualFunctionOf(
  state: Nics,
  event: NicEvent & { readonly virtualFunction: number },
): VirtualFunction {
  const { virtualFunctions } = workingNic(state, event);
  const found = virtualFunctions[event.virtualFunction];
  expectLegal(
    found !== undefined,
    event,
    `there is no virtual function ${event.virtualFunction}, but ${virtualFunctions.length}`,
  );
  return found;
}

/** The packet that this event puts on the wire; for a mechanism that has more to check before it leaves. */
export function packetToWire(state: Nics, event: NicEventOf<'packet.wired'>): Packet {
  expectLegal(canTransmit(nicOf(state, event)), event, 'the adapter is lost or fenced');
  return oldest(virtualFunctionOf(state, event)[event.queue], event);
}

/** Lets the packet leave; what its receiver makes of it is the mechanism's. */
export function wire(state: Nics, event: NicEventOf<'packet.wired'>): Packet {
  const packet = packetToWire(state, event);
  virtualFunctionOf(state, event)[event.queue].shift();
  return packet;
}

/** What happens in adapters. A mechanism puts its own `packet.wired` over this one, and calls `wire` in it. */
export const nicReducers: Reducers<Nics, typeof nicEvents> = {
  'nic.configured': (state, event) => {
    const found = virtualFunctionOf(state, event);
    found.mac = event.mac;
    found.holding = event.holding ?? false;
  },
  'packet.queued': (state, event) => {
    const found = virtualFunctionOf(state, event);
    const { number, data } = event;
    expectLegal(hasRingSpace(found), event, `the ring is full with ${found.ring.length} packets`);
    found.ring.push({ number, data, epoch: -1 });
  },
  'packet.held': (state, event) => {
    const found = virtualFunctionOf(state, event);
    const packet = oldest(found.ring, event);
    expectLegal(hasHoldSpace(found), event, `the hold buffer has room for ${found.holdCapacity} packets`);
    found.ring.shift();
    packet.epoch = event.epoch;
    found.held.push(packet);
  },
  'packet.released': (state, event) => {
    const { held, released } = virtualFunctionOf(state, event);
    released.push(oldest(held, event));
    held.shift();
  },
  'packet.wired': (state, event) => {
    wire(state, event);
  },
  'packet.dropped': (state, event) => {
    const queue = virtualFunctionOf(state, event)[event.queue];
    oldest(queue, event);
    queue.shift();
  },
  'virtual-function.reset': (state, event) => {
    empty(virtualFunctionOf(state, event));
  },
  'nic.reset': (state, event) => {
    for (const one of workingNic(state, event).virtualFunctions) empty(one);
  },
  'nic.lost': (state, event) => {
    const nic = workingNic(state, event);
    nic.lost = true;
    for (const one of nic.virtualFunctions) empty(one);
  },
  'nic.fenced': (state, event) => {
    const nic = nicOf(state, event);
    expectLegal(!nic.fenced, event, 'the adapter is fenced already');
    nic.fenced = true;
  },
  'nic.unfenced': (state, event) => {
    const nic = nicOf(state, event);
    expectLegal(nic.fenced, event, 'the adapter is not fenced');
    nic.fenced = false;
  },
};

function workingNic(state: Nics, event: NicEvent): Nic {
  const nic = nicOf(state, event);
  expectLegal(!nic.lost, event, 'the adapter is lost');
  return nic;
}

function oldest(queue: readonly Packet[], event: NicEvent): Packet {
  expectLegal(queue.length > 0, event, 'no packet waits there');
  return queue[0];
}

function empty(virtualFunction: VirtualFunction): void {
  virtualFunction.ring = [];
  virtualFunction.held = [];
  virtualFunction.released = [];
}
