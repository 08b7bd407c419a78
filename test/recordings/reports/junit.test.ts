import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junitXml } from '../../../src/recordings/reports/junit.ts';
import { elementsOf } from './markup.ts';
import { cleanReport, plainTexts, sampleGroup, sampleReport, TEXTS } from './sample-report.ts';

const body = (xml: string): string => {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  expect(xml.startsWith(declaration)).toBe(true);
  return xml.slice(declaration.length);
};
const names = (xml: string): string[] => elementsOf(body(xml)).map(({ name }) => name);
const countOf = (xml: string, name: string): number => names(xml).filter((one) => one === name).length;

describe('junit.xml', () => {
  it('is well-formed XML 1.0 whatever texts it is given', () => {
    const plain = names(junitXml(sampleReport()));
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', minLength: 1 }), (where, text) => {
        const xml = junitXml(sampleReport({ ...plainTexts, [where]: text }));

        expect(names(xml)).toEqual(plain);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
        expect(xml).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u);
      }),
      { numRuns: 300 },
    );
  });

  it('counts causes as failures, undecided images as errors, and unvisited images as skipped', () => {
    const xml = junitXml(sampleReport());

    expect(countOf(xml, 'failure')).toBe(2);
    expect(countOf(xml, 'error')).toBe(1);
    expect(countOf(xml, 'skipped')).toBe(1);
    expect(countOf(xml, 'testcase')).toBe(5);
    expect(xml.match(/tests="5" failures="2" errors="1" skipped="1" time="1.234"/g)).toHaveLength(2);
    expect(xml).toContain('every other image is consistent (20 checked)');
  });

  it('passes whole when nothing is wrong', () => {
    const xml = junitXml(cleanReport());

    expect(xml).toContain('tests="2" failures="0" errors="0" skipped="0"');
    expect(countOf(xml, 'testcase')).toBe(2);
  });

  it('skips what no checker judged', () => {
    expect(junitXml({ ...cleanReport('explored'), checker: null })).toContain(
      'failures="0" errors="0" skipped="1"',
    );
  });

  it('calls an interruption an error', () => {
    expect(junitXml(cleanReport('interrupted'))).toContain(
      '<error type="interrupted" message="the campaign was interrupted"/>',
    );
  });

  it('has a bound on its test cases and says how many are left out', () => {
    const groups = new Array(5_000).fill(sampleGroup());
    const xml = junitXml(sampleReport(plainTexts, { groups }));

    expect(xml).toContain('failures="1001"');
    expect(xml).toContain('4,000 more causes of violations: see results.ndjson');
  });
});
