import type { Differing } from '../../explore/state-difference.ts';
import type { Mark } from '../../node/fold-run.ts';
import { printable } from '../event-text.ts';

export interface DiffOptions {
  readonly limit: number;
  readonly mechanism?: string;
  readonly json?: boolean;
}

/** A place in a run. */
export interface Place<Run> {
  readonly run: Run;
  readonly mark: Mark;
}

export const headerText = (header: readonly Differing[]): string[] =>
  header.map((difference) => `header, ${memberText(difference)}`);

/** A member with both its values. */
export const memberText = ({ name, values: [one, other] }: Differing): string =>
  printable(`${name}: ${JSON.stringify(one) ?? 'none'} < > ${JSON.stringify(other) ?? 'none'}`);

/** The first event that differs, with those around it. */
export function eventsText(
  first: number,
  common: readonly string[],
  one: readonly string[],
  other: readonly string[],
): string[] {
  const or = (texts: readonly string[]): readonly string[] => (texts.length > 0 ? texts : ['(it ends here)']);
  return [
    `event ${first} is the first that differs`,
    ...common.map((text) => `    ${text}`),
    ...or(one).map((text) => `  < ${text}`),
    ...or(other).map((text) => `  > ${text}`),
  ];
}
