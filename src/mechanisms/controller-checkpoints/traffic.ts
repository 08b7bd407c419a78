import type { BlockStore } from '../../hardware/block-store.ts';
import type { BitMap } from '../../kernel/bit-map.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Machine } from './machine.ts';

/** An entry of a buffer or log holds the number of its block beside the data. */
export const NUMBER_BYTES = 8;

/** Bytes of the data that an event has. */
export const dataBytesOf = (event: AnyEvent): number => ('data' in event ? String(event.data).length / 2 : 0);

export const storeBytes = ({ setup }: Machine, store: BlockStore): number =>
  store.size * setup.value.blockBytes;

export const entriesBytes = (entries: readonly { readonly data: string }[]): number =>
  entries.reduce((sum, { data }) => sum + NUMBER_BYTES + data.length / 2, 0);

export const mapBytes = ({ size }: BitMap): number => Math.ceil(size / 8);
