import { crc32 } from '../../kernel/crc32.ts';

/** What one log entry says: bytes that were written to the store, and whether a transaction ends with them. */
export interface Entry {
  /** Sequence number; the first is 1. */
  readonly seq: number;
  /** Byte address in the store. */
  readonly address: number;
  readonly data: string;
  readonly txnEnd: boolean;
}

const HEADER_BYTES = 12;
const CRC_BYTES = 4;

const number = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');
const numberAt = (raw: string, at: number, bytes: number): number =>
  Number.parseInt(raw.slice(2 * at, 2 * (at + bytes)), 16) || 0;

/** How many bytes an entry takes in the log region and on a link. */
export const entryBytes = ({ data }: Pick<Entry, 'data'>): number =>
  HEADER_BYTES + data.length / 2 + CRC_BYTES;

const sealed = (raw: string): string => raw + number(crc32(raw), CRC_BYTES);

/** Whether the last four bytes are the CRC-32 of those before. */
const isIntact = (raw: string): boolean =>
  raw.length > 2 * CRC_BYTES &&
  crc32(raw.slice(0, -2 * CRC_BYTES)) === numberAt(raw, raw.length / 2 - CRC_BYTES, CRC_BYTES);

/** Sequence number, address, length, flags, data, CRC-32; numbers big-endian. */
export const encodeEntry = ({ seq, address, data, txnEnd }: Entry): string =>
  sealed(number(seq, 4) + number(address, 4) + number(data.length / 2, 2) + number(txnEnd ? 1 : 0, 2) + data);

/** The entry; undefined when its CRC says that it is damaged. */
export const decodeEntry = (raw: string): Entry | undefined =>
  isIntact(raw) ? decodeUnchecked(raw) : undefined;

/** What the bytes say, damaged or not. Missing bytes of the data count as zeros. */
export function decodeUnchecked(raw: string): Entry {
  const lengthBytes = numberAt(raw, 8, 2);
  const data = raw.slice(2 * HEADER_BYTES, 2 * (HEADER_BYTES + lengthBytes));
  return {
    seq: numberAt(raw, 0, 4),
    address: numberAt(raw, 4, 4),
    data: data.padEnd(2 * lengthBytes, '0'),
    txnEnd: numberAt(raw, 10, 2) === 1,
  };
}

/** The seal of a drain: the last sequence number, and its CRC-32. */
export const encodeSeal = (lastSeq: number): string => sealed(number(lastSeq, 4));

export const SEAL_BYTES = encodeSeal(0).length / 2;

/** The last sequence number that a seal names; undefined when it is damaged. */
export const decodeSeal = (raw: string): number | undefined =>
  isIntact(raw) ? numberAt(raw, 0, 4) : undefined;

/** The same bytes with one bit flipped; bit 0 is the lowest of the first byte. */
export function withBitFlipped(raw: string, bit: number): string {
  const at = bit >>> 3;
  return raw.slice(0, 2 * at) + number(numberAt(raw, at, 1) ^ (1 << (bit & 7)), 1) + raw.slice(2 * at + 2);
}
