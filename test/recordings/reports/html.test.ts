import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, ofLog2, ofLog2Text } from '../../../src/recordings/reports/format.ts';
import { html, jsonForPage } from '../../../src/recordings/reports/html.ts';

describe('html', () => {
  it('escapes what it is given, but not what it made', () => {
    const inner = html`<b>${'<i>"&\''}</b>`;

    expect(html`<p title="${'"'}">${inner}${[inner, 'x', 3]}${null}${undefined}${false}</p>`.text).toBe(
      '<p title="&quot;"><b>&lt;i&gt;&quot;&amp;&#39;</b><b>&lt;i&gt;&quot;&amp;&#39;</b>x3</p>',
    );
  });

  it('spells what cannot be seen, or reorders what can', () => {
    expect(html`${'a\u202eb\u0000c\ud800d\u200be\tf\n😀'}`.text).toBe(
      'a\\u202eb\\u0000c\\ud800d\\u200be\tf\n😀',
    );
  });

  it('puts any JSON into a data block without ending it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonForPage({ value, end: '</script><!--\u2028' }).text;

        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, end: '</script><!--\u2028' })));
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    [0, '1', '1'],
    [Math.log2(65_537), '65,537', '65,537'],
    [64.24, '2<sup>64.2</sup>', '2^64.2'],
    [19_593.2, '2<sup>19,593</sup>', '2^19,593'],
  ])('of 2^%d are digits while they are small', (log2, markup, text) => {
    expect(ofLog2(log2).text).toBe(markup);
    expect(ofLog2Text(log2)).toBe(text);
  });

  it.each([
    [812.4, '812 ms'],
    [3_400, '3.4 s'],
    [725_000, '12 min 5 s'],
    [12_000_000, '3 h 20 min'],
  ])('of %d ms read as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
