import type { Writable } from 'node:stream';

/** Raised when a member of what --json prints changes its meaning or goes away. */
const SCHEMA_VERSION = 1;

/** Prints what a command found: one JSON object, or lines for people. */
export function print(
  to: Writable,
  json: boolean,
  found: { readonly command: string } & Readonly<Record<string, unknown>>,
  text: () => readonly string[],
): void {
  const told = json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...found }, toJson) : text().join('\n');
  to.write(`${told}\n`);
}

/** 64-bit numbers are `0x` strings; what is not known is null, never missing. */
const toJson = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `0x${value.toString(16)}` : value === undefined ? null : value;
