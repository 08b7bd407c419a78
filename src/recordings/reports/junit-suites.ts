import { clip } from './format.ts';
import { element, escapeXml } from './xml.ts';

export const TEXT_CHARACTERS = 8_000;
const NAME_CHARACTERS = 300;

export interface TestCase {
  readonly name: string;
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    /** What went wrong; a skipped test has none. */
    readonly type?: string;
    readonly message: string;
    readonly text?: string;
  };
}

export interface TestSuite {
  readonly name: string;
  readonly classname: string;
  readonly elapsedMs: number;
  /** What its numbers depend on, and those that are not of tests. */
  readonly properties: Readonly<Record<string, string | number>>;
  readonly cases: readonly TestCase[];
}

/** Test suites as JUnit XML. */
export function junitSuites(suites: readonly TestSuite[]): string {
  const elapsedMs = suites.reduce((sum, suite) => sum + suite.elapsedMs, 0);
  const numbers = numbersOf(
    suites.flatMap(({ cases }) => cases),
    elapsedMs,
  );
  const body = `\n${suites.map(suiteXml).join('\n')}\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'tearline', ...numbers }, body)}\n`;
}

function suiteXml({ name, classname, elapsedMs, properties, cases }: TestSuite): string {
  const body = cases.map((one, i) =>
    element(
      'testcase',
      { classname, name: clip(one.name, NAME_CHARACTERS), time: i === 0 ? secondsOf(elapsedMs) : '0.000' },
      one.result &&
        element(one.result.kind, attributesOf(one.result), one.result.text && escapeXml(one.result.text)),
    ),
  );
  const content = `\n${propertiesXml(properties)}\n${body.join('\n')}\n`;
  return element('testsuite', { name, ...numbersOf(cases, elapsedMs) }, content);
}

const secondsOf = (ms: number): string => (ms / 1000).toFixed(3);

function numbersOf(cases: readonly TestCase[], elapsedMs: number): Record<string, string | number> {
  const tally = (kind: string): number => cases.filter(({ result }) => result?.kind === kind).length;
  return {
    tests: cases.length,
    failures: tally('failure'),
    errors: tally('error'),
    skipped: tally('skipped'),
    time: secondsOf(elapsedMs),
  };
}

const attributesOf = ({ type, message }: NonNullable<TestCase['result']>): Record<string, string> => ({
  ...(type !== undefined && { type }),
  message: clip(message, TEXT_CHARACTERS),
});

function propertiesXml(values: TestSuite['properties']): string {
  const written = Object.entries(values).map(([name, value]) =>
    element('property', { name, value: clip(String(value), TEXT_CHARACTERS) }),
  );
  return element('properties', {}, `\n${written.join('\n')}\n`);
}
