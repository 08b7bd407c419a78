/** The records that a store log knows by name; all others are markers of the program's own. */
const RECORD_NAMES = ['START', 'STOP', 'REGISTER_FILE', 'STORE', 'FLUSH', 'FENCE', 'DEEP_SYNC'] as const;

const PAIRED = /^[^;|\p{Cc}]{1,250}\.(?:BEGIN|END)$/u;
const PLAIN = /^[A-Za-z_][\w.:-]{0,250}$/;

/**
 * Whether a record is a marker: anything without `;` that ends in `.BEGIN` or `.END`, or a plain name, as long as it is not
 * so close to the name of a record that it is probably a damaged one.
 */
export const isMarker = (text: string): boolean =>
  PAIRED.test(text) || (PLAIN.test(text) && !RECORD_NAMES.some((name) => resembles(text, name)));

function resembles(text: string, name: string): boolean {
  if (text.startsWith(name) || name.startsWith(text) || name.endsWith(text)) return true;
  if (text.length !== name.length) return false;
  let different = 0;
  for (let i = 0; i < name.length; i++) if (text[i] !== name[i]) different++;
  return different <= 2;
}

/** The first record of a log. */
export const START = /^(?:==\d+== )?START$/;

/** A line that is a record although it does not stand behind a `|`. */
export const STRAY_RECORD =
  /^(?:==\d+== )?(?:(?:STORE|FLUSH|DEEP_SYNC);0x|REGISTER_FILE;|(?:START|STOP|FENCE)$)/;

/** Where Valgrind starts to talk within the text of a record: `==123== …`, `--123-- …`, `**123** …`, `Warning: …`. */
export const TALK = /(==|--|\*\*)\d+\1|Warning: /i;
