import { type EventOf, type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';

const link = field.count('the link');
const position = field.count('place of the message in the link, 0 is the oldest');

/**
 * Links between hosts, one for each direction. Messages arrive in the order in which they were sent; delay, duplication,
 * truncation and loss are faults, each an event. Source: mechanism sheets, section 1.6.
 *
 * A message is known by its place in the link, not by a number of its own: links that hold the same are equal, whatever
 * went through them before.
 */
export const linkEvents = eventTable({
  'message.sent': {
    since: 1,
    meaning:
      'A message was put on a link. On a cut link it is lost at once, which its sender does not learn.',
    fields: {
      link,
      subject: field.text('what it is, such as entry, seal or ack'),
      number: field.count('which one: a sequence number, a page, an epoch; 0 where there is but one'),
      data: field.bytes('what it carries', 65536),
    },
  },
  'message.delivered': {
    since: 1,
    meaning: 'A message arrived whole, or as much of it as was left, and is no longer in the link.',
    fields: { link, position },
  },
  'message.delayed': {
    since: 1,
    meaning: 'A message takes longer than usual: those behind it may arrive first. Fault F6.',
    fields: { link, position },
  },
  'message.duplicated': {
    since: 1,
    meaning: 'A copy of a message follows right behind it; delayed, the copy arrives later still. Fault F6.',
    fields: { link, position },
  },
  'message.truncated': {
    since: 1,
    meaning: 'Only the first bytes of what a message carries will arrive. Fault F6.',
    fields: { link, position, arrivingBytes: field.count('how many bytes will arrive, fewer than before') },
  },
  'message.lost': {
    since: 1,
    meaning: 'A message vanished on a link that works on. Fault F6, for links that do not retransmit.',
    fields: { link, position },
  },
  'link.cut': {
    since: 1,
    meaning:
      'A link broke. The oldest messages had passed the break and will still arrive; the others are lost. Fault F5.',
    fields: { link, arriving: field.count('how many of the oldest had passed') },
  },
  'link.restored': {
    since: 1,
    meaning: 'A cut link carries messages again; what was lost stays lost.',
    fields: { link },
  },
});

export type LinkEvent = EventOf<typeof linkEvents>;
export type LinkEventOf<K extends LinkEvent['kind']> = EventOfKind<typeof linkEvents, K>;

/** A message under way. */
export interface Message {
  subject: string;
  number: number;
  /** What will arrive of it, in hexadecimal digits. What was cut off is not kept: it makes no difference any more. */
  data: string;
  /** How many bytes were sent, as a header would say: a receiver that checks it notices a truncation. */
  sentBytes: number;
  /** Whether those behind it may arrive first. */
  delayed: boolean;
}

/** One direction of a connection. */
export interface Link {
  /** Indices of the hosts at its ends. */
  from: number;
  to: number;
  /** Whether it carries what is sent. */
  up: boolean;
  /** How many messages may be under way. */
  capacity: number;
  /** What is under way, oldest first; in a cut link, what had passed the break. */
  messages: Message[];
}

export interface Links {
  links: Link[];
}

/** A link that works and is empty. A sender waits when `capacity` messages are under way. */
export const newLink = (from: number, to: number, capacity = 1024): Link => ({
  from,
  to,
  up: true,
  capacity,
  messages: [],
});

/** Whether all of a message is there. */
export const isWhole = ({ data, sentBytes }: Message): boolean => data.length === 2 * sentBytes;

/** Places of the messages that may arrive next: all delayed ones at the head, and the first that is not. */
export function deliverable({ messages }: Link): number[] {
  const first = messages.findIndex(({ delayed }) => !delayed);
  return Array.from({ length: first < 0 ? messages.length : first + 1 }, (_, at) => at);
}

/** The link that an event names. */
export function linkOf({ links }: Links, event: LinkEvent): Link {
  const link = links[event.link];
  expectLegal(link !== undefined, event, `there is no link ${event.link}, but ${links.length}`);
  return link;
}

/** The message that this event delivers; for a mechanism that has more to check before it is taken. */
export function messageToDeliver(state: Links, event: LinkEventOf<'message.delivered'>): Message {
  const { messages } = linkOf(state, event);
  const message = messageAt(messages, event);
  for (let ahead = 0; ahead < event.position; ahead++) {
    expectLegal(messages[ahead].delayed, event, `message ${ahead} is ahead of it and not delayed`);
  }
  return message;
}

/** Takes the message out of the link; what its receiver does with it is the mechanism's. */
export function deliver(state: Links, event: LinkEventOf<'message.delivered'>): Message {
  const message = messageToDeliver(state, event);
  linkOf(state, event).messages.splice(event.position, 1);
  return message;
}

/** What happens on links. A mechanism puts its own `message.delivered` over this one, and calls `deliver` in it. */
export const linkReducers: Reducers<Links, typeof linkEvents> = {
  'message.sent': (state, event) => {
    const link = linkOf(state, event);
    if (!link.up) return;
    expectRoom(link, event);
    const { subject, number, data } = event;
    link.messages.push({ subject, number, data, sentBytes: data.length / 2, delayed: false });
  },
  'message.delivered': (state, event) => {
    deliver(state, event);
  },
  'message.delayed': (state, event) => {
    const message = messageAt(workingLink(state, event).messages, event);
    expectLegal(!message.delayed, event, 'the message is delayed already');
    message.delayed = true;
  },
  'message.duplicated': (state, event) => {
    const link = workingLink(state, event);
    const message = messageAt(link.messages, event);
    expectRoom(link, event);
    link.messages.splice(event.position, 0, { ...message });
  },
  'message.truncated': (state, event) => {
    const message = messageAt(workingLink(state, event).messages, event);
    const digits = 2 * event.arrivingBytes;
    expectLegal(digits < message.data.length, event, `the message has ${message.data.length / 2} bytes`);
    message.data = message.data.slice(0, digits);
  },
  'message.lost': (state, event) => {
    const { messages } = workingLink(state, event);
    messageAt(messages, event);
    messages.splice(event.position, 1);
  },
  'link.cut': (state, event) => {
    const { messages } = workingLink(state, event);
    expectLegal(event.arriving <= messages.length, event, `${messages.length} messages are under way`);
    linkOf(state, event).up = false;
    messages.splice(event.arriving);
  },
  'link.restored': (state, event) => {
    const link = linkOf(state, event);
    expectLegal(!link.up, event, 'the link works');
    link.up = true;
  },
};

/** What had passed the break of a cut link has arrived but for its delivery: no fault of the link befalls it. */
function workingLink(state: Links, event: LinkEvent): Link {
  const link = linkOf(state, event);
  expectLegal(link.up, event, 'the link is cut');
  return link;
}

function messageAt(messages: Message[], event: LinkEvent & { position: number }): Message {
  const message = messages[event.position];
  expectLegal(
    message !== undefined,
    event,
    `there is no message ${event.position}, but ${messages.length} are under way`,
  );
  return message;
}

function expectRoom({ messages, capacity }: Link, event: LinkEvent): void {
  expectLegal(messages.length < capacity, event, `${capacity} messages are under way, which is all it holds`);
}
