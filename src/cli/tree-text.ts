import type { Plain } from '../kernel/plain-state.ts';
import { printable } from './event-text.ts';

const LINE_CHARACTERS_MAX = 110;
const TEXT_CHARACTERS_MAX = 64;

/**
 * Plain data as lines for people: what fits stands on one line, anything else in lines of its own, one level further in. Of
 * long lists the first `limit` entries; equal ones that follow one another are one.
 */
export function treeText(name: string, value: Plain, limit: number, indent = 0): string[] {
  const begin = `${' '.repeat(indent)}${printable(name)}`;
  const line = `${begin}  ${onOneLine(value, true)}`;
  const members = membersOf(value);
  if (line.length <= LINE_CHARACTERS_MAX || members.length === 0) return [line];
  const told = members
    .slice(0, limit)
    .flatMap(([member, inner]) => treeText(member, inner, limit, indent + 2));
  if (members.length > limit)
    told.push(
      `${' '.repeat(indent)}  … and ${members.length - limit} more (--limit ${members.length} shows all)`,
    );
  return [begin, ...told];
}

function membersOf(value: Plain): [name: string, value: Plain][] {
  if (typeof value !== 'object' || value === null) return [];
  return isList(value) ? runsOf(value) : Object.entries(value);
}

/** Entries of a list by their number, or by the numbers of the first and the last that are equal. */
function runsOf(list: readonly Plain[]): [name: string, value: Plain][] {
  const runs: { from: number; to: number; text: string; value: Plain }[] = [];
  for (const [at, value] of list.entries()) {
    const text = JSON.stringify(value);
    const last = runs.at(-1);
    if (last?.text === text) last.to = at;
    else runs.push({ from: at, to: at, text, value });
  }
  return runs.map(({ from, to, value }) => [from === to ? String(from) : `${from}-${to}`, value]);
}

function onOneLine(value: Plain, isOuter = false): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return textOf(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value))
    return value.length === 0 ? 'empty' : `[${value.map((one) => onOneLine(one)).join(', ')}]`;
  const members = Object.entries(value).map(([name, inner]) => `${printable(name)} ${onOneLine(inner)}`);
  const text = members.length === 0 ? 'empty' : members.join(', ');
  return isOuter || members.length === 0 ? text : `{${text}}`;
}

const textOf = (text: string): string =>
  text === ''
    ? '""'
    : printable(text.length <= TEXT_CHARACTERS_MAX ? text : `${text.slice(0, TEXT_CHARACTERS_MAX)}…`);

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);
