import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRepository } from '../support/in-process.ts';
import { runs } from '../support/many.ts';
import { campaignOn } from '../support/program-campaigns.ts';

/** A mistake, and what a finding has to say of it: lines of the source by what stands there. */
interface Mistake {
  readonly defect: string;
  /** Stores that were durable too early. */
  readonly early: readonly string[];
  /** Stores that were not durable. */
  readonly missing: readonly string[];
  /** The flush that was misplaced, or that no fence follows. */
  readonly flush?: string;
  /** How it shows, where the program does not see it by itself. */
  readonly shows?: { readonly nested?: number; readonly equivalent?: boolean };
  /** Operations in which it shows; default 2. */
  readonly operations?: number;
}

const NODE = 'memcpy(node, &fresh';
const HEAD = 'if (WRONG != HEAD_BEFORE_NODE) store(&pool->head';
const RECORD = ['stream(&pool->words[tail],', 'stream(&pool->words[tail + 1 + place]'];
const TAIL = 'if (WRONG != TAIL_BEFORE_RECORD) store(&pool->tail';
const UNDO = ['pool->undo.place =', 'pool->undo.count =', 'pool->undo.before ='];
const VALID = 'store_and_persist(&pool->valid, 1)';
const UPDATE = ['slot->key = key', 'slot->version = version', 'slot->value[word] = value_of'];
const COMMIT = 'if (is_logged) store_and_persist(&pool->valid, 0)';
const COPY = [
  'memset(node, 0',
  'node->total = node->count = count',
  'node->keys[at] = keys[at]',
  'node->children[at] = children[at];\n    if',
  'node->total += node_of',
];
const ROOT = 'store(&pool->root, root)';

const IN_PLACE = [
  'store(&leaf->keys[1], ',
  'store(&leaf->keys[0], least)',
  'store(&leaf->count, 2)',
  'store(&leaf->total, 2)',
];

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'list-missing-flush': { defect: 'missing flush', early: [HEAD], missing: [NODE] },
  'list-missing-fence': {
    defect: 'missing fence',
    early: [HEAD],
    missing: [NODE],
    flush: 'else if (WRONG != MISSING_FLUSH) flush(node',
  },
  'list-wrong-line': {
    defect: 'flush of another line',
    early: [HEAD],
    missing: [NODE],
    flush: 'flush(node + 1',
  },
  'list-stack-temporary': {
    defect: 'flush of volatile memory',
    early: [HEAD],
    missing: [NODE],
    flush: 'flush(&fresh',
  },
  'list-head-before-node': {
    defect: 'wrong order',
    early: ['if (WRONG == HEAD_BEFORE_NODE) store(&pool->head'],
    missing: [NODE],
  },
  'list-pointer-not-its-place': {
    defect: 'flush of what a pointer points to',
    early: [],
    missing: [HEAD],
    flush: 'flush(node_at(pool, pool->head)',
    shows: { equivalent: true },
  },
  'log-stream-without-fence': { defect: 'missing fence', early: [TAIL], missing: RECORD },
  'log-tail-before-record': {
    defect: 'wrong order',
    early: ['if (WRONG == TAIL_BEFORE_RECORD) store(&pool->tail'],
    missing: RECORD,
  },
  'log-tail-not-flushed': {
    defect: 'promise too early',
    early: [],
    missing: [TAIL, ...RECORD],
    shows: { equivalent: true },
  },
  'log-torn-header': {
    defect: 'not atomic',
    early: [TAIL],
    missing: ['if (WRONG == TORN_HEADER) store(&pool->records'],
  },
  'table-log-not-flushed': { defect: 'missing flush', early: [VALID, ...UPDATE, ...UNDO], missing: UNDO },
  'table-log-without-fence': {
    defect: 'missing fence',
    early: [VALID, ...UNDO],
    missing: UNDO,
    flush: 'if (WRONG != LOG_NOT_FLUSHED) flush(&pool->undo',
  },
  'table-update-not-flushed': { defect: 'missing flush', early: [COMMIT], missing: UPDATE },
  'table-count-after-commit': {
    defect: 'wrong order',
    early: [COMMIT],
    missing: ['if (is_new && WRONG == COUNT_AFTER_COMMIT) store_and_persist'],
  },
  'table-torn-update': { defect: 'not atomic', early: UPDATE, missing: UPDATE, operations: 3 },
  'table-recovery-eats-its-input': {
    defect: 'wrong order',
    early: ['memset(&pool->undo'],
    missing: ['store_and_persist(&pool->valid, 0);\n}'],
    shows: { nested: 1 },
  },
  'tree-only-top-flushed': { defect: 'missing flush', early: [ROOT], missing: COPY, operations: 3 },
  'tree-missing-fence': {
    defect: 'missing fence',
    early: [ROOT, ...COPY],
    missing: COPY,
    flush: 'if (WRONG != ONLY_TOP_FLUSHED) flush(node',
  },
  'tree-in-place': {
    defect: 'not atomic',
    early: IN_PLACE,
    missing: IN_PLACE,
    operations: 3,
  },
};

describe('the cause of each mistake is found, with its lines', () => {
  it.each(Object.entries(MISTAKES))('%s', async (name, mistake) => {
    const file = `${name.split('-')[0]}.c`;
    const source = readFileSync(inRepository(`examples/programs/${file}`), 'utf8');
    const lineOf = (text: string): string => {
      const at = source.indexOf(text);
      expect(at, text).toBeGreaterThan(0);
      expect(source.indexOf(text, at + 1), `${text} stands twice`).toBe(-1);
      return `${file}:${source.slice(0, at).split('\n').length}`;
    };
    const { groups } = await campaignOn(name, mistake.operations ?? 2, mistake.shows);
    expect(groups.length).toBeGreaterThan(0);
    for (const { defect, early, missing, explanation } of groups) {
      expect(defect).toBe(mistake.defect);
      expect(mistake.early.map(lineOf)).toEqual(expect.arrayContaining(early.map(outermost)));
      expect(mistake.missing.map(lineOf)).toEqual(expect.arrayContaining(missing.map(outermost)));
      expect(missing.length).toBeGreaterThan(0);
      if (mistake.flush !== undefined)
        expect(explanation).toMatch(new RegExp(`flushed .*at flush .*\\(${lineOf(mistake.flush)}\\)`));
    }
  });
});

/** Defects by what a platform keeps: where caches survive, flushes are not needed, and order still is. */
const OF_ORDER: ReadonlySet<string> = new Set(['wrong order', 'not atomic']);

/** One for each defect; with TEARLINE_RUNS above 1, all of them. */
const ON_SURVIVING_CACHES = [
  'list-missing-flush',
  'list-missing-fence',
  'list-stack-temporary',
  'list-head-before-node',
  'list-pointer-not-its-place',
  'log-stream-without-fence',
  'log-torn-header',
  'table-count-after-commit',
];

describe('where caches survive', () => {
  const tried = Object.entries(MISTAKES).filter(
    ([name]) => runs(1) > 1 || ON_SURVIVING_CACHES.includes(name),
  );
  it.each(tried)('%s', async (name, { defect, operations, shows }) => {
    const { groups } = await campaignOn(name, operations ?? 2, { ...shows, platform: 'P2' });
    const isWrong = OF_ORDER.has(defect) || name === 'log-stream-without-fence'; // that is past the caches
    expect(new Set(groups.map((group) => group.defect))).toEqual(new Set(isWrong ? [defect] : []));
  });
});

describe('where not even the write pending queue survives', () => {
  it.each([
    ['list', 'P0'],
    ['list', 'P1f'],
    ['table', 'P0'],
    ['tree', 'P0'],
  ] as const)('%s without flush hints loses on %s what it fenced', async (name, platform) => {
    const { groups } = await campaignOn(name, 1, { platform, equivalent: true });
    const defects = new Set(groups.map(({ defect }) => defect));
    expect(defects).toContain('promise too early');
    defects.delete('promise too early');
    expect([...defects].filter((defect) => defect !== 'missing flush hint')).toEqual([]);
    for (const { explanation } of groups) expect(explanation).toContain('no flush hint drains it');
  });
});

/** `store (pmem.h:33) in push (list.c:82)`: where the function was called into which others are inlined. */
const outermost = (source: string): string => source.match(/\(([^()]+)\)$/)?.[1] ?? source;
