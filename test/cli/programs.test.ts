import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CampaignReport } from '../../src/explore/campaign-report.ts';
import { inEmptyDirectory, lasting, start, tearline } from '../support/command-line.ts';
import { copyingProgram, LOOP_INSTRUCTIONS } from '../support/copying-program.ts';
import { inRepository, json, type Ran, ran } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/x86/programs/list.elf');
const BUG = inRepository('fixtures/x86/programs/list-missing-fence.elf');
const PMEM = ['--pmem', 'pool:64K'];

type Mistake = readonly [argv: readonly string[], told: RegExp];

/** What a user can do wrong with programs; each is one line on stderr, and status 3. */
const MISTAKES: readonly Mistake[] = [
  [['campaign', ...PMEM, '--'], /no program stands behind --/],
  [['campaign', ...PMEM, '--', folder('none')], /cannot read .*none: no such file/],
  [['campaign', ...PMEM, 'S13.4'], /--pmem is for a program: give that behind --/],
  [['campaign', ...PMEM, 'S13.4', '--', LIST], /S13\.4 and a program behind -- cannot both be meant/],
  [['campaign', ...PMEM, '--mutants', '--', LIST], /--mutants is not for a program behind --/],
  [['campaign', ...PMEM, '--expect-output', '(', '--', LIST], /--expect-output: Invalid regular expression/],
  [
    ['campaign', ...PMEM, LIST, 'pool', '1'],
    /too many arguments .*behind --: tearline campaign … -- \.\/prog/,
  ],
  [['run', LIST], /too many arguments .* stand behind --: tearline run … -- \.\/prog/],
  [
    ['run', '--pmem', 'pool:64X', '--', LIST],
    /no such file, and "64X" is no size; give one such as 4096, 64K/,
  ],
  [['run', '--pmem', `${folder('.')}:64K`, '--', LIST], /it is a folder; give a file, such as .*\/pool:1M/],
  [['run', '--pmem', '', '--', LIST], /It must be a file, or FILE:SIZE/],
  [['record', ...PMEM, '-o', folder('r.ndjson')], /--pmem is for a program: give that behind --/],
  [['record', '-o', folder('r.ndjson')], /say what: a scripted program as JSON, a mechanism, or a program/],
  [['record', '--mutant', 'b', '-o', folder('r.ndjson'), '--', LIST], /--mutant is not for a program/],
  [['record', '--events', 'none', '-o', folder('r.ndjson'), 'S13.4'], /--events is for a program: give that/],
  [
    ['record', '--events', 'none', '--platform', 'P0', '-o', folder('r.ndjson'), '--', LIST],
    /--platform is of the events of persistent memory/,
  ],
  [['replay', inRepository('replays/mechanisms/S13.4-d.ndjson'), '--', LIST], /leave out what stands behind/],
];

/** Those that show when the program is run, in a thread of the built program. */
const MISTAKES_OF_RUNS: readonly Mistake[] = [
  [['campaign', '--', LIST, 'pool', '1'], /has no persistent memory: say which .* such as --pmem pool:1M/],
  [['campaign', '--pmem', 'pol:1M', '--', LIST, 'pool', '1'], /stores nothing to \/pol: is that where/],
  [['campaign', '--pmem', 'pool', '--', LIST, 'pool'], /there is no such file; say how large .* pool:1M/],
  [['campaign', ...PMEM, '--', LIST], /stores nothing to \/pool: is that .*exit status 2: usage: /],
  [['campaign', ...PMEM, '--', inRepository('README.md')], /is not an ELF file/],
  [['campaign', ...PMEM, '--budget', '100', '--', LIST, 'pool'], /did not end within 100 instr.*--budget/],
];

describe('mistakes with programs', () => {
  const expectMistake = ({ status, stdout, stderr }: Ran, told: RegExp): void => {
    expect(stderr).toMatch(told);
    expect(stderr.split('\n')).toHaveLength(2);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  };

  it.each(MISTAKES)('%j', async (argv, told) => expectMistake(await ran(argv), told));

  it.each(MISTAKES_OF_RUNS)('%j', async (argv, told) => {
    const { status, ...output } = await tearline(argv);
    expectMistake({ status: status ?? -1, ...output }, told);
  });
});

describe('a recording of a program', () => {
  it('passes on what the program writes, and is the same each time', async () => {
    const [one, two] = [folder('one.ndjson'), folder('two.ndjson')];
    for (const file of [one, two]) {
      const { status, stdout } = await ran(['record', ...PMEM, '-o', file, '--', LIST, 'pool', '2']);
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'list of 0\ndone 1\ndone 2\n' });
    }
    expect((await ran(['diff', one, two])).status).toBe(0);
    expect(await json(['replay', one])).toMatchObject({
      status: 0,
      program: { runAgain: true, departure: null },
    });
  });

  it('another program does something else, and it is told where', async () => {
    const file = folder('departs.ndjson');
    await ran(['record', ...PMEM, '-o', file, '--', LIST, 'pool', '2']);
    const { status, stdout } = await ran(['replay', file, '--', BUG, 'pool', '2']);
    expect(status).toBe(4);
    expect(stdout).toMatch(/NOT the same: the program was run again, and event \d+ is another one/);
  });

  it('can be read where the program is gone', async () => {
    const [file, program] = [folder('gone.ndjson'), folder('gone.elf')];
    copyFileSync(LIST, program);
    await ran(['record', ...PMEM, '-o', file, '--', program, 'pool', '1']);
    writeFileSync(program, 'another');
    const { status, stdout } = await ran(['replay', file]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /the program was not run again: .*gone\.elf is another file than the one that was/,
    );
  });

  it('shows the instruction, the registers and the source line of an event', async () => {
    const file = folder('shown.ndjson');
    await ran(['record', ...PMEM, '-o', file, '--', LIST, 'pool', '1']);
    const { stdout } = await ran(['show', file, '--at', '9']);
    expect(stdout).toMatch(/by the program, after [\d,]+ instructions, at 0x[0-9a-f]+: .*\.[ch]:\d+/);
    expect(stdout).toMatch(/rax [0-9a-f]{16} .*\n/);
    expect(stdout).toMatch(/^> 0x[0-9a-f]+ {2}(mov|clwb|sfence)/m);
  });

  it('becomes a store log', async () => {
    const [file, log] = [folder('exported.ndjson'), folder('exported.storelog')];
    await ran(['record', ...PMEM, '-o', file, '--', LIST, 'pool', '1']);
    expect((await ran(['export', file, '-o', log])).status).toBe(0);
    const { status, stdout } = await ran(['import', log, '-o', folder('imported.ndjson')]);
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });
});

describe('a recording of digests', () => {
  const COPIES = folder('copies.elf');
  writeFileSync(COPIES, copyingProgram());

  async function recorded(name: string, ...command: string[]): Promise<string> {
    const file = folder(name);
    const { status, stderr } = await ran(['record', '-o', file, '--', ...command]);
    expect(stderr).toMatch(/: digests of [\d,]+ instructions and [\d,]+ operations on memory/);
    expect(status).toBe(0);
    return file;
  }

  it('is the same each time, and the run is made anew from it', async () => {
    const [one, two] = [await recorded('d1.ndjson', COPIES, 'a'), await recorded('d2.ndjson', COPIES, 'a')];
    expect(readFileSync(two)).toEqual(readFileSync(one));
    expect(await json(['replay', one, '--verify'])).toMatchObject({
      status: 0,
      events: 8,
      program: { hasEnded: true, departure: null },
    });
  });

  it('tells in which stretch one store to volatile memory is another one', async () => {
    const file = await recorded('differs.ndjson', COPIES, 'a');
    const { status, stdout } = await ran(['replay', '--json', file, '--', COPIES, 'b']);
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 4,
      program: {
        sameInstructions: 3_000_000,
        departure: { between: [3_000_000, 4_000_000], fields: ['operationsDigest'] },
      },
    });
  });

  it('needs the program that was recorded', async () => {
    const program = folder('changed.elf');
    writeFileSync(program, copyingProgram());
    const file = await recorded('changed.ndjson', program, 'a');
    writeFileSync(program, 'another');
    const { status, stderr } = await ran(['replay', file]);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /changed\.elf is another file than the one that was recorded; it holds digests alone/,
    );
  });

  it('that is damaged is told by its lines', async () => {
    const file = await recorded('damaged.ndjson', COPIES, 'a');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"instructions":2000000', '"instructions":2000001'));
    const { status, stderr } = await ran(['replay', file]);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /damaged\.ndjson, lines 1 to 10: something was changed between event 0 and event 8/,
    );
  });

  it('is of no events, and says so', async () => {
    const file = await recorded('no-events.ndjson', COPIES, 'a');
    for (const argv of [
      ['show', file, '--at', '1'],
      ['diff', file, file],
      ['export', file, '-o', folder('none.storelog')],
      ['replay', file, '--check', inRepository('fixtures/pmem/check.mjs')],
    ]) {
      const { status, stderr } = await ran(argv);
      expect({ status, stderr }).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(/--events persistent/),
      });
    }
  });

  it('shows the processor after any number of instructions, and what the next one does', async () => {
    const file = await recorded('exactly.ndjson', COPIES, 'a');
    const { stdout } = await ran(['show', file, '--at-instruction', String(LOOP_INSTRUCTIONS + 3)]);
    expect(stdout).toMatch(/after 3,145,731 instructions/);
    expect(stdout).toMatch(/^> 0x401014 {2}mov \[rsp-8\],al$/m);
    expect(stdout).toMatch(/^it does: store at 0x[0-9a-f]+, 1 bytes: 0x61$/m);
    const { status, stderr } = await ran(['show', file, '--at-instruction', '99999999']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/ends after \d+ instructions: give --at-instruction 0 to \d+/);
  });
});

describe('a campaign on a program', () => {
  const campaign = async (cwd: string, ...options: string[]): Promise<CampaignReport> => {
    const command = ['--', BUG, 'pool', '2'];
    const { stdout } = await tearline(['campaign', '--quiet', '--json', ...PMEM, ...options, ...command], {
      cwd,
    });
    return JSON.parse(stdout) as CampaignReport;
  };

  it('leaves recordings that recover, and reproduce what it found', () =>
    inEmptyDirectory(async (cwd) => {
      const { groups, outcome } = await campaign(cwd, '--jobs', '1');
      expect(outcome).toBe('violating');
      expect(groups.map(({ defect }) => defect)).toEqual(['missing fence']);
      const files = readdirSync(join(cwd, 'tearline-out'));
      expect(files).toHaveLength(1);
      const { status, stdout } = await ran(['replay', join(cwd, 'tearline-out', files[0])]);
      expect(status).toBe(1);
      expect(stdout).toMatch(
        /\njudged now: violating: recovery ended with exit status 1: damaged: node \d\nas it was/,
      );
    }));

  it('leaves a recording of what only a second crash, within recovery, shows', () =>
    inEmptyDirectory(async (cwd) => {
      const program = inRepository('fixtures/x86/programs/table-recovery-eats-its-input.elf');
      const recover = ['--nested', '1', '--recover', `${program} pool 0`];
      const argv = ['campaign', '--quiet', '--json', ...PMEM, ...recover, '--', program, 'pool', '2'];
      const { stdout } = await tearline(argv, { cwd });
      const { groups } = JSON.parse(stdout) as CampaignReport;
      expect(groups.map(({ defect, inRecovery }) => ({ defect, inRecovery }))).toEqual([
        { defect: 'wrong order', inRecovery: true },
      ]);
      const replayed = await ran(['replay', join(cwd, `${groups[0].witness.recording}`)]);
      expect(replayed.status).toBe(1);
      expect(replayed.stdout).toMatch(/\njudged now: violating: after a second crash.*\nas it was recorded/);
    }));

  it.each([[], ['--nested', '1']])('ends soon when it is interrupted %j', async (...options) =>
    inEmptyDirectory(async (cwd) => {
      const program = inRepository('fixtures/x86/programs/table-log-not-flushed.elf');
      const argv = [
        'campaign',
        '--quiet',
        '--no-witnesses',
        ...PMEM,
        '--results',
        'kept.results',
        ...options,
      ];
      const { child, ended } = start([...argv, '--', program, 'pool', '30'], { cwd });
      while (!existsSync(join(cwd, 'kept.results'))) await setTimeout(20); // until then a worker starts
      const startedMs = performance.now();
      child.kill('SIGINT');
      const { status } = await ended;
      expect([1, 130]).toContain(status); // 1: a violation was found by then
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      const lines = readFileSync(join(cwd, 'kept.results'), 'utf8').trimEnd().split('\n');
      expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
    }),
  );

  it('is the same whatever the number of jobs, with crashes within recovery', () =>
    inEmptyDirectory(async (cwd) => {
      const program = inRepository('fixtures/x86/programs/table.elf');
      const [one, two] = await Promise.all(
        ['1', '2'].map(async (jobs) => {
          const argv = ['campaign', '--quiet', '--json', ...PMEM, '--nested', '1', '--jobs', jobs];
          const { stdout } = await tearline([...argv, '--', program, 'pool', '2'], { cwd });
          return lasting(JSON.parse(stdout) as CampaignReport);
        }),
      );
      expect(two).toEqual(one);
    }));

  it('is the same in shards that are merged', { timeout: 60_000 }, () =>
    inEmptyDirectory(async (cwd) => {
      const whole = await campaign(cwd, '--jobs', '1', '--no-witnesses');
      for (const shard of ['1/2', '2/2'])
        await campaign(
          cwd,
          '--shard',
          shard,
          '--results',
          `${shard[0]}.results`,
          '--jobs',
          '1',
          '--no-witnesses',
        );
      const { stdout } = await tearline(
        ['merge', '1.results', '2.results', '--json', '--quiet', '--no-witnesses'],
        { cwd },
      );
      const { command: _, ...merged } = lasting(JSON.parse(stdout) as CampaignReport);
      expect(merged).toEqual({ ...lasting(whole), command: undefined });
    }),
  );
});
