import { isWhole, type Message } from '../../../hardware/link.ts';
import { numberOf, wordOf } from '../context.ts';
import type { RemoteShadowEventOf } from './events.ts';
import { type Entry, TO_BACKUP, TO_PRIMARY } from './state.ts';

type Sent = RemoteShadowEventOf<'message.sent'>;

const sent = (link: number, subject: string, number: number, data = ''): Sent => ({
  kind: 'message.sent',
  link,
  subject,
  number,
  data,
});

/** A post-image says of which epoch it is, so that none of an earlier one is taken for it, however late it arrives. */
export const sendEntry = (epoch: number, number: number, { block, data, written }: Entry): Sent =>
  sent(TO_BACKUP, 'entry', number, wordOf(epoch) + wordOf(block) + wordOf(written ? 1 : 0) + data);

/** The end of an epoch: how many post-images it has. */
export const sendSeal = (epoch: number, entries: number): Sent =>
  sent(TO_BACKUP, 'seal', epoch, wordOf(entries));

/** The backup has recorded an epoch. */
export const sendAck = (epoch: number): Sent => sent(TO_PRIMARY, 'ack', epoch);

/** The backup lacks a post-image. */
export const sendNack = (missing: number): Sent => sent(TO_PRIMARY, 'nack', missing);

/** Rollback wants these blocks of the shadow. */
export const sendFetch = (blocks: readonly number[]): Sent =>
  sent(TO_BACKUP, 'fetch', 0, blocks.map(wordOf).join(''));
export const sendBlock = (block: number, data: string): Sent => sent(TO_PRIMARY, 'block', block, data);

/** What an entry says; undefined when it was truncated. */
export const entryIn = (message: Message): (Entry & { readonly epoch: number }) | undefined =>
  isWhole(message)
    ? {
        epoch: numberOf(message.data.slice(0, 16)),
        block: numberOf(message.data.slice(16, 32)),
        written: numberOf(message.data.slice(32, 48)) === 1,
        data: message.data.slice(48),
      }
    : undefined;

/** What a seal says; undefined when it was truncated. */
export const entriesIn = (message: Message): number | undefined =>
  isWhole(message) ? numberOf(message.data) : undefined;

/** What a fetch asks for; nothing when it was truncated. */
export const blocksIn = (message: Message): number[] =>
  isWhole(message)
    ? Array.from({ length: message.sentBytes / 8 }, (_, at) =>
        numberOf(message.data.slice(16 * at, 16 * at + 16)),
      )
    : [];
