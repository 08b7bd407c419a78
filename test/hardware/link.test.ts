import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventArbitrary } from '../../src/fast-check.ts';
import {
  deliver,
  deliverable,
  isWhole,
  type LinkEvent,
  type Links,
  linkEvents,
  linkReducers,
  type Message,
  messageToDeliver,
  newLink,
} from '../../src/hardware/link.ts';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import { evolveBy, type Reducers } from '../../src/kernel/reducers.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/hardware/link.test.ts';
const evolve: (state: Links, event: LinkEvent) => void = evolveBy(linkReducers);

const sent = (subject: string, data = ''): LinkEvent => ({
  kind: 'message.sent',
  link: 0,
  subject,
  number: 0,
  data,
});
const given = (...events: LinkEvent[]): Links => {
  const state = { links: [newLink(0, 1, 4)] };
  for (const event of events) evolve(state, event);
  return state;
};
const arrival = (state: Links, position = 0): Message =>
  deliver(state, { kind: 'message.delivered', link: 0, position });

/** A link as messages with times: a message arrives no earlier than those sent before it, unless they are late. */
class NaiveLink {
  private under: { name: string; data: string; late: boolean }[] = [];
  private broken = false;

  /** What the event delivers; undefined if nothing; throws when it cannot be. */
  see(event: LinkEvent): { name: string; data: string } | undefined {
    if (event.link !== 0) throw new Error('another link');
    if (event.kind === 'link.restored') {
      if (!this.broken) throw new Error('works');
      this.broken = false;
      return undefined;
    }
    if (event.kind === 'message.sent') {
      if (this.broken) return undefined;
      if (this.under.length === 4) throw new Error('full');
      const { subject, number, data } = event;
      this.under = [...this.under, { name: `${subject} ${number}`, data, late: false }];
      return undefined;
    }
    if (event.kind === 'link.cut') {
      if (this.broken || event.arriving > this.under.length) throw new Error('no');
      this.broken = true;
      this.under = this.under.filter((_, at) => at < event.arriving);
      return undefined;
    }
    const one = this.under.at(event.position);
    if (one === undefined) throw new Error('none');
    const before = this.under.slice(0, event.position);
    const after = this.under.slice(event.position + 1);
    if (event.kind === 'message.delivered') {
      if (before.some(({ late }) => !late)) throw new Error('overtakes');
      this.under = [...before, ...after];
      return { name: one.name, data: one.data };
    }
    if (this.broken) throw new Error('broken');
    switch (event.kind) {
      case 'message.delayed':
        if (one.late) throw new Error('late');
        this.under = [...before, { ...one, late: true }, ...after];
        break;
      case 'message.duplicated':
        if (this.under.length === 4) throw new Error('full');
        this.under = [...before, one, one, ...after];
        break;
      case 'message.truncated': {
        const bytes = one.data.match(/../g) ?? [];
        if (event.arrivingBytes >= bytes.length) throw new Error('longer');
        this.under = [...before, { ...one, data: bytes.slice(0, event.arrivingBytes).join('') }, ...after];
        break;
      }
      case 'message.lost':
        this.under = [...before, ...after];
    }
    return undefined;
  }
}

describe('a link', () => {
  it('delivers in the order in which was sent', () => {
    const state = given(sent('one'), sent('two'));

    expect(() => arrival(state, 1)).toThrow('message 0 is ahead of it and not delayed');

    expect([arrival(state), arrival(state)].map(({ subject }) => subject)).toEqual(['one', 'two']);
  });

  it('lets a message overtake those that are delayed, and only those (F6)', () => {
    const state = given(sent('one'), sent('two'), sent('three'), {
      kind: 'message.delayed',
      link: 0,
      position: 0,
    });

    expect(deliverable(state.links[0])).toEqual([0, 1]);
    expect(() => arrival(state, 2)).toThrow(IllegalEvent);

    expect(arrival(state, 1).subject).toBe('two');
  });

  it('delivers what is left of a truncated message, and a receiver can tell (F6)', () => {
    const state = given(sent('entry', '010203'), {
      kind: 'message.truncated',
      link: 0,
      position: 0,
      arrivingBytes: 1,
    });

    const message = arrival(state);

    expect(message).toMatchObject({ data: '01', sentBytes: 3 });
    expect(isWhole(message)).toBe(false);
    expect(isWhole({ ...message, data: '010203' })).toBe(true);
  });

  it('delivers after a cut what had passed the break, and nothing that was sent later (F5)', () => {
    const state = given(
      sent('one'),
      sent('two'),
      { kind: 'link.cut', link: 0, arriving: 1 },
      sent('three'),
      { kind: 'link.restored', link: 0 },
      sent('four'),
    );

    expect([arrival(state), arrival(state)].map(({ subject }) => subject)).toEqual(['one', 'four']);
    expect(deliverable(state.links[0])).toEqual([]);
  });

  it('a cut link delivers nothing', () => {
    const events = fc.array(eventArbitrary(linkEvents, { maxCount: 3, maxBytes: 2 }), { maxLength: 30 });
    const property = fc.property(events, (events) => {
      const state = given(sent('one'), sent('two'), { kind: 'link.cut', link: 0, arriving: 0 });

      for (const event of events) if (event.kind !== 'link.restored') tried(() => evolve(state, event));

      expect(deliverable(state.links[0])).toEqual([]);
      expect(() => arrival(state)).toThrow(IllegalEvent);
    });
    holds(property, 200, FILE);
  });

  it('is equal to one through which other messages went', () => {
    const busy = given(sent('one'), sent('two'));
    arrival(busy);
    arrival(busy);
    evolve(busy, sent('three'));

    expect(classDigest(busy)).toEqual(classDigest(given(sent('three'))));
  });

  it('has room for so many messages', () => {
    const full = given(sent('a'), sent('b'), sent('c'), sent('d'));

    expect(() => evolve(full, sent('e'))).toThrow('4 messages are under way');
    expect(() => evolve(full, { kind: 'message.duplicated', link: 0, position: 1 })).toThrow(IllegalEvent);
  });

  it('can be wrapped: a mechanism looks at a message, refuses it or takes it', () => {
    interface Receiver extends Links {
      received: string[];
    }
    const reducers: Reducers<Receiver, typeof linkEvents> = {
      ...linkReducers,
      'message.delivered': (state, event) => {
        const { subject } = messageToDeliver(state, event);
        if (subject === 'seal') throw new IllegalEvent(event.kind, 'not sealed now');
        state.received.push(deliver(state, event).subject);
      },
    };
    const evolve = evolveBy(reducers);
    const state = { ...given(sent('entry'), sent('seal')), received: [] };
    const next = { kind: 'message.delivered', link: 0, position: 0 };

    evolve(state, next);
    expect(() => evolve(state, next)).toThrow('not sealed now');

    expect(state.received).toEqual(['entry']);
    expect(state.links[0].messages).toHaveLength(1);
  });

  it('does what a naive link does', () => {
    const some = (...kinds: LinkEvent['kind'][]) =>
      eventArbitrary(linkEvents, { kinds, maxCount: 2, maxBytes: 3, withCause: false });
    const event = fc.oneof(
      { weight: 3, arbitrary: some('message.sent') },
      { weight: 2, arbitrary: some('message.delivered') },
      { weight: 2, arbitrary: some('message.delayed', 'message.duplicated', 'message.truncated') },
      { weight: 1, arbitrary: some('message.lost', 'link.cut', 'link.restored') },
    );
    const ofLink = fc.tuple(event, fc.nat(8)).map(([event, other]) => ({ ...event, link: +(other === 8) }));
    const events = fc.array(ofLink, { maxLength: 60, size: 'max' });
    let delivered = 0;
    const property = fc.property(events, (events) => {
      const state = given();
      const naive = new NaiveLink();
      for (const event of events) {
        const wanted = tried(() => naive.see(event));
        const found = tried(() => {
          if (event.kind !== 'message.delivered') return evolve(state, event);
          const { subject, number, data } = deliver(state, event);
          delivered++;
          return { name: `${subject} ${number}`, data };
        });
        expect(found).toEqual(wanted);
      }
    });
    holds(property, 500, FILE);
    expect(delivered).toBeGreaterThan(500);
  });
});

/** What it gives, or that it was refused. */
function tried<T>(act: () => T): T | 'refused' {
  try {
    return act();
  } catch {
    return 'refused';
  }
}
