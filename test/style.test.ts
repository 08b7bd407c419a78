import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

// The rules of style that a machine can hold and that linter and import rules do not: each names what to write instead.

const ROOT = join(import.meta.dirname, '..');
const PURE = /^src\/(kernel|hardware|processor|hypervisor|mechanisms|guests|explore)\//;
const TEST_FUNCTIONS = 'it|test|describe|bench';

interface Rule {
  readonly name: string;
  /** Matches the text of a node of the syntax tree, without white space. */
  readonly forbidden: RegExp;
  readonly kinds: readonly ts.SyntaxKind[];
  readonly where: RegExp;
  readonly instead: string;
}

const INSTEAD_OF_CLOCK =
  'take the virtual time of the state; a deadline in real time is handed in as a function';
const NAMES = [ts.SyntaxKind.PropertyAccessExpression, ts.SyntaxKind.ElementAccessExpression];
const CALLS = [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression];

const rules: readonly Rule[] = [
  {
    name: 'no clock',
    forbidden: /^(globalThis\.)?(Date(\.|\[)|performance(\.|\[)|process\.hrtime)/,
    kinds: NAMES,
    where: PURE,
    instead: INSTEAD_OF_CLOCK,
  },
  {
    name: 'no clock',
    forbidden: /^(new)?Date(\(|$)/,
    kinds: CALLS,
    where: PURE,
    instead: INSTEAD_OF_CLOCK,
  },
  {
    name: 'no randomness',
    forbidden: /^(globalThis\.)?(Math\.random|crypto\.(getRandomValues|randomUUID))$/,
    kinds: NAMES,
    where: PURE,
    instead: 'draw from the seed with src/kernel/draw.ts, and write what was drawn into the event',
  },
  {
    name: 'no timer',
    forbidden: /^(globalThis\.)?(setTimeout|setInterval|setImmediate|queueMicrotask)\(/,
    kinds: CALLS,
    where: PURE,
    instead: 'schedule an event in virtual time with src/kernel/schedule.ts',
  },
  {
    name: 'no any',
    forbidden: /^any$/,
    kinds: [ts.SyntaxKind.AnyKeyword],
    where: /^(src|test)\//,
    instead: 'use unknown and a guard, a type parameter, or the type that is meant',
  },
  {
    name: 'no test left out or singled out',
    forbidden: new RegExp(`^(${TEST_FUNCTIONS})(\\.\\w+)*\\.(only|skip|todo)$`),
    kinds: NAMES,
    where: /^(src|test)\//,
    instead: 'run it: for a case that does not apply, take it out of the table, with the reason',
  },
];

// Written so that this file does not match itself.
const LEFTOVER = /\b(TO[D]O|FIX[M]E|XX[X])\b|@ts-(ignore|nocheck)\b/;
const LEFTOVER_INSTEAD =
  'finish it, or say in a sentence what holds; for a type error say @ts-expect-error and why';

interface Source {
  readonly path: string;
  readonly text: string;
}

describe('style', () => {
  const sources = [...sourcesUnder('src'), ...sourcesUnder('test')];

  it('is held by every file of src and test', () => {
    const findings = sources.flatMap(findingsIn);

    expect(findings).toEqual([]);
  });

  it.each([
    ['no clock', 'Date.now()'],
    ['no clock', 'globalThis.performance.now()'],
    ['no clock', 'new Date()'],
    ['no randomness', 'Math.random()'],
    ['no timer', 'setTimeout(run, 1)'],
    ['no any', 'let x: any'],
    ['no any', 'x as any[]'],
    ['no test left out or singled out', "it.only('runs', run)"],
    ['no test left out or singled out', 'describe.concurrent.skip.each(rows)'],
    ['no leftover', `// TO${'DO'} later`],
    ['no leftover', `// @ts-${'ignore'}`],
  ])('%s: finds %s', (name, text) => {
    const findings = findingsIn({ path: 'src/kernel/example.ts', text });

    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(new RegExp(`^src/kernel/example.ts:1: ${name}: .*; instead: `));
  });

  it.each([
    ['a clock at the edge', 'src/cli/example.ts', 'performance.now()'],
    [
      'a word in a comment or a text',
      'src/kernel/example.ts',
      "// Date.now() is any\nconst text = 'Math.random()';",
    ],
    ['a field of that name', 'src/kernel/example.ts', 'state.Date.value; options.only'],
  ])('allows %s', (_, path, text) => {
    expect(findingsIn({ path, text })).toEqual([]);
  });
});

function sourcesUnder(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({
      path: join(folder, path),
      text: readFileSync(join(ROOT, folder, path), 'utf8'),
    }));
}

function findingsIn({ path, text }: Source): string[] {
  const findings: string[] = [];
  const applying = rules.filter((rule) => rule.where.test(path));
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);

  const visit = (node: ts.Node): void => {
    for (const rule of applying) {
      if (!rule.kinds.includes(node.kind)) continue;
      const code = node.getText(tree).replaceAll(/\s/g, '');
      if (!rule.forbidden.test(code)) continue;
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
      findings.push(`${path}:${line + 1}: ${rule.name}: ${code.slice(0, 60)}; instead: ${rule.instead}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);

  for (const [index, line] of text.split('\n').entries()) {
    const leftover = LEFTOVER.exec(line)?.[0];
    if (leftover === undefined) continue;
    findings.push(`${path}:${index + 1}: no leftover: ${leftover}; instead: ${LEFTOVER_INSTEAD}`);
  }
  return findings;
}
