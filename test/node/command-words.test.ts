import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src/node/command-words.ts';

describe('a command line is split as a shell would', () => {
  it.each([
    ['./check {}', ['./check', '{}']],
    ['  a\t b\n', ['a', 'b']],
    [`a 'b c' "d e"f`, ['a', 'b c', 'd ef']],
    [String.raw`a\ b "c\"d" 'e\f' \\`, ['a b', 'c"d', String.raw`e\f`, '\\']],
    [`a '' ""`, ['a', '', '']],
    ['echo $HOME *.c `id` ; | &', ['echo', '$HOME', '*.c', '`id`', ';', '|', '&']],
  ])('%s', (text, words) => {
    expect(commandWords(text, '--check-command')).toEqual(words);
  });

  it('with every word given back when each is quoted', () => {
    const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        expect(commandWords(words.map(quoted).join(' '), '--check-command')).toEqual(words);
      }),
    );
  });

  it.each([`a 'b`, 'a "b', '', '  '])('and %j is refused', (text) => {
    expect(() => commandWords(text, '--check-command')).toThrow(/^--check-command: /);
  });
});
