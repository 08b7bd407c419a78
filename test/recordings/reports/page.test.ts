import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarkerSpan } from '../../../src/explore/marker-spans.ts';
import type { RunTimeline } from '../../../src/explore/timeline.ts';
import { reportPage } from '../../../src/recordings/reports/page.ts';
import { elementsOf, isVoidElement, skeletonOf } from './markup.ts';
import {
  cleanReport,
  plainTexts,
  sampleGroup,
  sampleReport,
  sampleTimeline,
  TEXTS,
  type Texts,
} from './sample-report.ts';

const VERSIONS = { tearline: '0.0.0' };
const elements = (page: string) => elementsOf(skeletonOf(page), isVoidElement);
const render = (texts: Texts): string => reportPage(sampleReport(texts), sampleTimeline(texts), VERSIONS);

/** Texts that would like to be markup; none that ends in what the page looks at. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '<script>alert(1)</script>',
          '"',
          "'",
          '&',
          '<',
          '>',
          '-->',
          '\u202e',
          '\0',
          '\ud800',
          'a',
        ),
        {
          minLength: 1,
          maxLength: 8,
        },
      )
      .map((parts) => parts.join('')),
  )
  .map((text) => `${text}.`);

describe('the page', () => {
  it('has the same elements and attributes whatever texts it is given', () => {
    const plain = elements(render(plainTexts));
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), hostile, (where, text) => {
        expect(elements(render({ ...plainTexts, [where]: text }))).toEqual(plain);
      }),
      { numRuns: 150 },
    );
  });

  it('shows a text in full, escaped', () => {
    const page = render({ ...plainTexts, reason: '<img src=x onerror="alert(1)"> & \u202egnp' });

    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; \\u202egnp');
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u202e');
  });

  it('allows its own style and script by their digests, and nothing else', () => {
    const page = render(plainTexts);
    const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1].replaceAll('&#39;', "'");
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1];
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1];

    expect(policy).toBe(
      `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('names no other resource, has no style attributes and no handlers', () => {
    const names = elements(render(plainTexts));

    expect(
      names.filter(({ name }) => ['link', 'img', 'iframe', 'object', 'base', 'form'].includes(name)),
    ).toEqual([]);
    expect(
      names.flatMap(({ attributes }) => attributes).filter((name) => /^(on|src$|style$)/.test(name)),
    ).toEqual([]);
    expect(render(plainTexts).match(/href="(?!#)/g)).toBeNull();
  });

  it('keeps its data block whole: no text can end it', () => {
    const page = render({ ...plainTexts, marker: '</script><script>' });
    const data: unknown = JSON.parse(/id="timeline-data">([\s\S]*?)<\/script>/.exec(page)![1]);

    expect(data).toMatchObject({
      events: sampleTimeline().events,
      windows: [
        [3, 5],
        [8, 11],
      ],
    });
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  it('has one h1, headings that skip no level, and a caption for each table', () => {
    const names = elements(render(plainTexts)).map(({ name }) => name);
    const levels = names.filter((name) => /^h[1-6]$/.test(name)).map((name) => Number(name[1]));

    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    }, 0);
    expect(names.filter((name) => name === 'caption')).toHaveLength(
      names.filter((name) => name === 'table').length,
    );
  });

  it.each([
    ['violating', sampleReport(), 'Violating.', '7 of 29 crash images break the checker, from 2 causes.'],
    [
      'clean',
      cleanReport(),
      'Clean.',
      'All 30 distinct crash images that a power loss can leave are consistent.',
    ],
    ['explored', { ...cleanReport('explored'), checker: null }, 'Explored.', 'no checker judged them'],
    [
      'incomplete',
      { ...sampleReport(), outcome: 'incomplete' as const },
      'Incomplete.',
      'No violation among 29 crash images checked',
    ],
    [
      'undecided',
      { ...sampleReport(), outcome: 'undecided' as const },
      'Undecided.',
      'no verdict on 2 crash images',
    ],
    ['interrupted', { ...sampleReport(), outcome: 'interrupted' as const }, 'Interrupted.', 'stopped early'],
  ])('says first how a campaign ended that is %s', (outcome, report, word, sentence) => {
    const page = reportPage(report, sampleTimeline(), VERSIONS);

    expect(page).toContain(`<h1 class="verdict ${outcome}">`);
    expect(page).toContain(`<strong>${word}</strong>`);
    expect(page).toContain(sentence);
  });

  it('stays below 1 MiB, however much is wrong', () => {
    const nasty = '\u202e&'.repeat(20_000);
    const texts = Object.fromEntries(TEXTS.map((key) => [key, nasty])) as unknown as Texts;
    const store = { ...sampleGroup(texts).stores![0], markers: new Array<string>(64).fill(nasty) };
    const group = {
      ...sampleGroup(texts),
      stores: new Array<typeof store>(500).fill(store),
    };
    const buckets = 1_200;
    const counts = Array.from({ length: buckets }, (_, i) => (i * 7919) % 104_729);
    const lanes = {
      stores: counts,
      flushes: counts,
      fences: counts,
      accepted: counts,
      markers: counts,
      others: counts,
    };
    const span = (i: number): MarkerSpan => ({
      depth: i % 6,
      from: Math.floor(i / 6) * 100_000,
      to: Math.floor(i / 6) * 100_000 + 90_000,
      count: 1,
      names: new Array<string>(4).fill(nasty.slice(0, 120)),
      hasMoreNames: true,
    });
    const timeline: RunTimeline = {
      events: 120_000_000,
      eventsPerBucket: 100_000,
      lanes,
      totals: { stores: 1, flushes: 1, fences: 1, accepted: 1, markers: 1, others: 1 },
      imagesLog2: counts.map((value) => value / 7),
      spans: Array.from({ length: 7_200 }, (_, i) => span(i)),
      spansTooDeep: 1e9,
    };
    const report = sampleReport(texts, {
      groups: new Array<typeof group>(5_000).fill(group),
      windows: Array.from({ length: 50_000 }, (_, i) => ({
        from: i * 2_400,
        to: i * 2_400 + 1_000,
        images: i,
      })),
      undecided: new Array(5_000).fill({ kind: 'crash', images: 1, index: 1, reason: nasty }),
    });

    const page = reportPage(report, timeline, VERSIONS);

    expect(Buffer.byteLength(page)).toBeLessThan(1 << 20);
    elements(page);
  });
});
