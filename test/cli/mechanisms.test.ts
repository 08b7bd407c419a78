import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { allMechanisms } from '../../src/mechanisms/all.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { OWN_MECHANISM } from '../support/own-mechanism.ts';
import { linesOf, sealed, temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const WITNESS = inRepository('replays/mechanisms/S13.4-d.ndjson');
const MEMORY = inRepository('replays/listbug8-missing-fence.ndjson');
const OWN = folder('own.mjs');
const RUN = folder('run.ndjson');
writeFileSync(OWN, OWN_MECHANISM);

beforeAll(async () => {
  await ran(['record', 'S13.4', '-o', RUN]);
});

/** A copy of a recording with one line changed, as if the recorder had written it so. */
function rewritten(from: string, name: string, what: RegExp, by: string): string {
  const lines = linesOf(from).map((line) => line.replace(what, by));
  expect(lines).not.toEqual(linesOf(from));
  writeFileSync(folder(name), sealed(lines));
  return folder(name);
}

describe('record of a mechanism', () => {
  it('writes the same bytes each time, and every scenario', async () => {
    await ran(['record', 'S13.4', '-o', folder('again.ndjson')]);
    expect(readFileSync(folder('again.ndjson'))).toEqual(readFileSync(RUN));
    for (const { name } of allMechanisms.find((one) => one.name === 'S13.4')?.scenarios ?? []) {
      const found = await json(['record', 'S13.4', '--scenario', name, '-o', folder('scenario.ndjson')]);
      expect(found).toMatchObject({ scenario: name, verdict: { kind: 'consistent', faults: [] } });
      expect((await ran(['replay', folder('scenario.ndjson'), '--verify'])).status).toBe(0);
    }
  });

  it('ends where an invariant does not hold: status 1', async () => {
    const out = folder('n.ndjson');
    const { status, stdout } = await ran(['record', OWN, '--mutant', 'n', '-o', out]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/Mutant n is switched on: .*after 1 events I1 does not hold: it is ahead/);
    expect((await ran(['replay', out, '--mechanism', OWN])).status).toBe(1);
  });
});

describe('replay of a mechanism', () => {
  it('is 1 when it violates as recorded, from a file or a pipe, compressed or not', async () => {
    const { status, stdout } = await ran(['replay', WITNESS, '--verify']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/the same: checksums and digests confirm all \d+ events/);
    expect(stdout).toMatch(/F4 is event \d+: transient error/);
    expect(stdout).toMatch(/as it was recorded\n$/);
    const bytes = readFileSync(WITNESS);
    for (const piped of [bytes, gzipSync(bytes)])
      expect((await ran(['replay', '-'], piped)).stdout).toBe(stdout.replace(WITNESS, 'standard input'));
  });

  it('judges up to any event', async () => {
    const { breach, ...whole } = await json(['replay', WITNESS]);
    expect(breach).toMatchObject({ events: whole['events'] });
    const before = await json(['replay', WITNESS, '--at', '-1']);
    expect(before).toMatchObject({ status: 0, breach: null, reproduction: null });
    expect(before['events']).toBe((whole['events'] as number) - 1);
  });

  it('is 4 when something else does not hold, or nothing', async () => {
    const other = rewritten(WITNESS, 'other.ndjson', /"invariant":"I1"/, '"invariant":"I2"');
    expect(await ran(['replay', other])).toMatchObject({
      status: 4,
      stdout: expect.stringMatching(/NOT the same: it leads elsewhere/),
    });
    const clean = rewritten(WITNESS, 'clean.ndjson', /"kind":"violating"/, '"kind":"consistent"');
    expect((await ran(['replay', clean])).status).toBe(4);
  });

  it('is 4 when the state is another one, 2 when the version is, 3 when it is damaged', async () => {
    const digest = rewritten(WITNESS, 'digest.ndjson', /"digest":"\w{20}/, `"digest":"${'0'.repeat(20)}`);
    expect((await ran(['replay', digest])).status).toBe(4);
    const stale = rewritten(WITNESS, 'stale.ndjson', /"modelVersion":1/, '"modelVersion":99');
    expect(await ran(['replay', stale])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/is stale: it was made with version 99 of S13\.4/),
    });
    writeFileSync(
      folder('damaged.ndjson'),
      readFileSync(WITNESS, 'utf8').replace('"processor":0', '"processor":1'),
    );
    expect((await ran(['replay', folder('damaged.ndjson')])).status).toBe(3);
  });
});

describe('a mechanism that does not come with tearline', () => {
  it('is given as a module wherever there is a recording of it', async () => {
    const [run, lost] = [folder('own.ndjson'), folder('lost.ndjson')];
    expect(await ran(['record', OWN, '-o', run])).toMatchObject({ status: 0, stderr: '' });
    const own = ['--mechanism', OWN];
    expect((await ran(['replay', run, '--verify', ...own])).status).toBe(0);
    expect((await ran(['show', run, '--at', '1', ...own])).stdout).toMatch(
      /next, by the scenario: #1 copy\.raised to 1\n\n.*number {2}1\ncopy {2}0\n/s,
    );
    const at2 = ['inject', run, '--at', '2', '--fault', 'F10', '-o', lost, ...own];
    expect(await ran(at2)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/consistent: With F10/),
    });
    expect((await ran(['diff', run, lost, ...own])).stdout).toMatch(/event 2 is the first that differs/);
    expect((await ran(['list', OWN])).stdout).toMatch(/F12 weak battery {2}never: there is no battery/);
    expect((await ran(['list', folder(''), ...own])).stdout).toMatch(
      /lost\.ndjson {2}6 events, own {2}twice {2}consistent/,
    );
  });

  it('with a defect violates after an injected fault: status 1, again when it is replayed', async () => {
    const [run, found] = [folder('m.ndjson'), folder('m-found.ndjson')];
    await ran(['record', OWN, '--mutant', 'm', '-o', run]);
    const own = ['--mechanism', OWN];
    const injected = await ran(['inject', run, '--at', '2', '--fault', 'F10', '-o', found, ...own]);
    expect(injected.stdout).toMatch(
      /violating: Mutant m .*With F10 \(memory error\) at event 2, after 4 events I2/,
    );
    expect(injected.status).toBe(1);
    expect((await ran(['replay', found, ...own])).status).toBe(1);
  });

  it.each<[string, string[], RegExp]>([
    ['replay', [], /recording of "own", which does not come with tearline: give its module with --mechanism/],
    ['show', ['--at', '0'], /recording of "own", which does not come with tearline/],
    ['replay', ['--mechanism', folder('none.mjs')], /cannot read .*none\.mjs/],
  ])('is missed in one line by %s', async (command, options, told) => {
    await ran(['record', OWN, '-o', folder('own.ndjson')]);
    const { status, stdout, stderr } = await ran([command, folder('own.ndjson'), ...options]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('show of a mechanism', () => {
  it('tells state, last and next event at every index', async () => {
    const { events } = (await json(['replay', RUN])) as { events: number };
    for (const at of [0, 1, 40, events]) {
      const found = await json(['show', RUN, '--at', String(at)]);
      expect(found).toMatchObject({ mechanism: 'S13.4', index: at, recovering: false, lost: null });
      expect(found['digest']).toBe((await json(['replay', RUN, '--at', String(at)]))['digest']);
      expect(found['lastEvent'] === null).toBe(at === 0);
      expect(found['nextEvent'] === null).toBe(at === events);
    }
  });

  it('shows parts by their contents, and equal blocks once', async () => {
    const { stdout } = await ran(['show', RUN, '--at', '0']);
    expect(stdout).toMatch(/\nmemory\n {2}0-6 {2}0{32}\n/);
    expect(stdout).toMatch(/\n {2}a {2}empty\n/);
    expect((await ran(['show', RUN, '--at', '0', '--limit', '1'])).stdout).toMatch(
      /… and \d+ more \(--limit/,
    );
  });
});

describe('diff of mechanisms', () => {
  it('finds the first event and the members of the state', async () => {
    const out = folder('failed.ndjson');
    await ran(['inject', RUN, '--at', '40', '--fault', 'F4', '-o', out]);
    const { status, stdout } = await ran(['diff', RUN, out]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/event 40 is the first that differs/);
    expect(stdout).toMatch(/the state differs first after 41 events\n.* {2}failed: false < > true/s);
    expect((await ran(['diff', RUN, RUN])).stdout).toBe('the runs are the same\n');
    expect((await ran(['diff', `${RUN}@7`, `${RUN}@7`])).stdout).toBe('the states are the same\n');
  });

  it('is 4 when nothing but the mechanism’s own steps differs', async () => {
    const [run, other] = [folder('own.ndjson'), folder('own-other.ndjson')];
    await ran(['record', OWN, '-o', run]);
    const own = ['--mechanism', OWN];
    expect((await ran(['diff', run, run, ...own])).status).toBe(0);
    rewritten(run, 'own-other.ndjson', /"kind":"copy\.raised","to":1/, '"kind":"copy.raised","to":0');
    expect((await ran(['diff', run, other, ...own])).status).toBe(4);
  });
});

describe('inject into a mechanism', () => {
  it('--list tells every way, and --which takes one', async () => {
    const place = ['inject', RUN, '--at', '40', '--fault', 'F10'];
    const { occurrences } = (await json([...place, '--list'])) as { occurrences: string[][] };
    expect(occurrences.length).toBeGreaterThan(2);
    const last = occurrences.length - 1;
    const found = await json([...place, '--which', String(last), '-o', folder('which.ndjson')]);
    expect(found).toMatchObject({ which: last, occurrence: occurrences[last] });
  });

  it('a second fault during recovery keeps the first', async () => {
    const [one, two] = [folder('one.ndjson'), folder('two.ndjson')];
    await ran(['inject', RUN, '--at', '40', '--fault', 'F4', '-o', one]);
    const found = await json(['inject', one, '--at', '43', '--fault', 'F10', '-o', two]);
    expect(found).toMatchObject({
      verdict: {
        faults: [
          { number: 'F4', index: 40 },
          { number: 'F10', index: 43 },
        ],
      },
    });
    expect((await ran(['replay', two, '--verify'])).status).toBe(0);
  });
});

/** What a user can do wrong; each is one line on stderr and status 3. */
const MISTAKES: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [['record', 'S99', '-o', folder('x')], /there is no mechanism S99/],
  [['record', 'S13.4', '--mutant', 'zz', '-o', folder('x')], /S13\.4 has no mutant zz; it has/],
  [['record', 'S13.4', '--scenario', 'zz', '-o', folder('x')], /S13\.4 has no scenario zz; it has/],
  [
    ['record', 'S13.4', '--seed', '1', '-o', folder('x')],
    /--seed is of a program, and S13\.4 is a mechanism/,
  ],
  [
    ['record', 'x.json', '--mutant', 'b', '-o', folder('x')],
    /--mutant is of a mechanism, and x\.json is none/,
  ],
  [['record', 'S13.4', '--json', '-o', '-'], /standard output cannot take both/],
  [['replay', WITNESS, '--check', 'x.mjs'], /judged by its own invariants: leave --check out/],
  [['replay', WITNESS, '--at', '999'], /999 lies behind its end/],
  [['replay', MEMORY, '--mechanism', OWN], /recording of "persistent-memory", and .* is the mechanism "own"/],
  [['show', WITNESS, '--at', '999'], /999 lies behind its end/],
  [['show', WITNESS, '--at', '-999'], /-999 lies before its beginning/],
  [['show', WITNESS, '--at', '1', '--line', '0x0'], /--line looks at persistent memory/],
  [['diff', WITNESS, MEMORY], /they have nothing to compare/],
  [['inject', WITNESS, '--at', '1', '--fault', 'F4'], /required option '-o, --output <file>'/],
  [
    ['inject', WITNESS, '--at', '1', '--fault', 'F2', '-o', folder('x')],
    /F2 is none of the faults of S13\.4; it has F4/,
  ],
  [['inject', WITNESS, '--at', '1', '--fault', 'F18', '-o', folder('x')], /F18 cannot befall S13\.4: /],
  [
    ['inject', WITNESS, '--at', '1', '--fault', 'F4', '--which', '99', '-o', folder('x')],
    /give --which 0 to/,
  ],
  [
    ['inject', WITNESS, '--at', '1', '--fault', 'F4', '--atoms', '1', '-o', folder('x')],
    /--atoms says nothing of a run of S13\.4/,
  ],
  [
    ['inject', WITNESS, '--at', 'end', '--fault', 'F4', '-o', folder('x')],
    /I1 does not hold after \d+ events, without this fault/,
  ],
  [['inject', MEMORY, '--at', '1', '--fault', 'F4', '-o', folder('x')], /F4 cannot befall persistent memory/],
  [
    ['inject', MEMORY, '--at', '1', '--fault', 'F1', '--which', '0', '-o', folder('x')],
    /--which says nothing of a run of persistent memory/,
  ],
];

describe('mistakes with mechanisms are one line', () => {
  it.each(MISTAKES)('%j', async (argv, told) => {
    const { status, stdout, stderr } = await ran(argv);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

it('list tells what comes with tearline', async () => {
  const { stdout } = await ran(['list']);
  const { mechanisms } = (await json(['list'])) as { mechanisms: { name: string; mutants: unknown[] }[] };
  for (const { name, title, mutants } of allMechanisms) {
    expect(stdout).toContain(`  ${name}`);
    expect(stdout).toContain(title);
    expect(mechanisms.find((one) => one.name === name)?.mutants).toHaveLength(mutants.length);
  }
  const { recordings } = (await json(['list', inRepository('replays')])) as { recordings: unknown[] };
  expect(recordings).toContainEqual(
    expect.objectContaining({
      file: 'mechanisms/S13.4-d.ndjson',
      model: 'S13.4',
      mutant: 'd',
      verdict: 'violating',
      cause: expect.stringMatching(/^I1, /),
      problem: null,
    }),
  );
  const { events } = (await json(['list', 'S13.4', '--events'])) as { events: { kind: string }[] };
  expect(events.map(({ kind }) => kind)).toContain('map.marked');
});
