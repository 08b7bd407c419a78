const SEMICOLON = 0x3b;

/** Whether bytes[from, to) begin with a name. */
export function named(bytes: Uint8Array, from: number, to: number, name: string): boolean {
  if (to - from < name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name.charCodeAt(i)) return false;
  return true;
}

/** The place of the next `;`, or the end. */
export function fieldEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== SEMICOLON) at++;
  return at;
}

/** Where the last field begins. */
export function lastField(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] !== SEMICOLON) at--;
  return at;
}

/** As UTF-8; what is none is replaced. */
export const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));

/** One character a byte, so that places in the text are places in the bytes. */
export function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] & 0x7f);
  return text;
}
