import { InputError } from '../kernel/errors.ts';

/**
 * Splits a command line into words as a shell would, and does nothing else that a shell does: single and double quotes and
 * backslashes count, variables and patterns are not expanded. Throws `InputError` naming the option.
 */
export function commandWords(text: string, option: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (/\s/.test(one)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (one === "'" || one === '"') {
      const end = closingQuote(text, at);
      if (end < 0)
        throw new InputError(`${option}: the ${one} at character ${at + 1} is never closed: ${text}`);
      const quoted = text.slice(at + 1, end);
      word = (word ?? '') + (one === "'" ? quoted : quoted.replace(/\\(["\\])/g, '$1'));
      at = end;
    } else if (one === '\\' && at + 1 < text.length) {
      word = (word ?? '') + text[++at];
    } else word = (word ?? '') + one;
  }
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new InputError(`${option}: the command is empty`);
  return words;
}

function closingQuote(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === text[at]) return end;
    if (text[end] === '\\' && text[at] === '"') end++;
  }
  return -1;
}
