import type { Plain } from './plain-state.ts';

/** A member in which two values differ; undefined where one of them has none. */
export interface PlainDifference {
  /** The way to it: `processors[0].register`. */
  readonly name: string;
  readonly values: readonly [one: Plain | undefined, other: Plain | undefined];
}

/** The innermost members in which two plain values differ, in the order of the first. */
export function plainDifferences(
  one: Plain | undefined,
  other: Plain | undefined,
  name = '',
): PlainDifference[] {
  if (!hasMembers(one) || !hasMembers(other) || Array.isArray(one) !== Array.isArray(other)) {
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ name, values: [one, other] }];
  }
  const [a, b] = [new Map<string, Plain>(Object.entries(one)), new Map<string, Plain>(Object.entries(other))];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((member) =>
    plainDifferences(a.get(member), b.get(member), memberName(name, member, Array.isArray(one))),
  );
}

const hasMembers = (
  value: Plain | undefined,
): value is readonly Plain[] | { readonly [name: string]: Plain } =>
  typeof value === 'object' && value !== null;

function memberName(of: string, member: string, isList: boolean): string {
  if (isList) return `${of}[${member}]`;
  return of === '' ? member : `${of}.${member}`;
}
