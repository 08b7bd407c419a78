/** Controls (but tab and line feed), what changes the direction of text, what has no width, and halves of characters. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\p{Cs}]/gu;

/** A text in which nothing can hide: characters that cannot be seen, or that reorder others, are spelled `\u202e`. */
export const visible = (text: string): string => text.replace(HIDDEN, spelled);

const spelled = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
