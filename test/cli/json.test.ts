import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECK, storeLog, tearline } from '../support/command-line.ts';
import { inRepository, json, ran } from '../support/in-process.ts';
import { OWN_MECHANISM } from '../support/own-mechanism.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/programs/list-push.json');
const TWO = inRepository('fixtures/programs/two-cores.json');
const BUG = storeLog('listbug8');
const WITNESS = inRepository('replays/listbug8-missing-fence.ndjson');
const PROGRAM = inRepository('fixtures/x86/programs/list.elf');
const MECHANISM_WITNESS = inRepository('replays/mechanisms/S13.4-d.ndjson');

type Found = Record<string, unknown>;

/** What a command prints as a process of its own: checkers need threads of the built program. */
async function printed(argv: readonly string[]): Promise<Found> {
  const { stdout, stderr } = await tearline([...argv, '--json']);
  expect(stdout.split('\n'), stderr).toHaveLength(2);
  return JSON.parse(stdout) as Found;
}

/** What a command prints that is about a program. */
async function ofProgram(argv: readonly string[], program = PROGRAM): Promise<Found> {
  return JSON.parse((await ran([...argv, '--json', '--', program, 'pool', '1'])).stdout) as Found;
}

/** A recording of a program, and one of a program that is gone. */
async function programRecordings(): Promise<readonly [there: string, gone: string]> {
  copyFileSync(PROGRAM, folder('gone.elf'));
  const [there, gone] = [folder('program.ndjson'), folder('gone.ndjson')];
  await ofProgram(['record', '--pmem', 'pool:64K', '-o', there]);
  await ofProgram(['record', '--pmem', 'pool:64K', '-o', gone], folder('gone.elf'));
  rmSync(folder('gone.elf'));
  return [there, gone];
}

/** Objects that together have every member of each command. */
const RUNS: Readonly<Record<string, () => Promise<Found[]>>> = {
  import: async () => [await json(['import', BUG, '-o', folder('bug.ndjson')])],
  record: async () => [await json(['record', TWO, '-o', folder('two.ndjson')])],
  'record of a program': async () => [
    await ofProgram(['record', '--pmem', 'pool:64K', '-o', folder('list-program.ndjson')]),
  ],
  'record of digests': async () => [await ofProgram(['record', '-o', folder('digests.ndjson')])],
  'replay of digests': async () => {
    const other = (await ran(['replay', '--json', folder('digests.ndjson'), '--', PROGRAM, 'pool', '2']))
      .stdout;
    return [await json(['replay', folder('digests.ndjson')]), JSON.parse(other) as Found];
  },
  'show of an instruction': async () => [
    await json(['show', folder('digests.ndjson'), '--at-instruction', '4']),
  ],
  'record of a mechanism': async () => [
    await json(['record', 'S13.4', '-o', folder('s13.4.ndjson')]),
    await json(['record', 'S13.4', '--mutant', 'b', '-o', folder('b.ndjson')]),
  ],
  'replay of a mechanism': async () => {
    // Of a mechanism that has learned to do otherwise.
    writeFileSync(folder('own.mjs'), OWN_MECHANISM);
    await ran(['record', folder('own.mjs'), '-o', folder('own.ndjson')]);
    writeFileSync(folder('other.mjs'), OWN_MECHANISM.replace('number + 1', 'number + 2'));
    return [
      await json(['replay', MECHANISM_WITNESS]),
      await json(['replay', folder('own.ndjson'), '--mechanism', folder('other.mjs')]),
    ];
  },
  'show of a mechanism': async () => [await json(['show', MECHANISM_WITNESS, '--at', '4'])],
  'diff of mechanisms': async () => [
    await json(['diff', folder('s13.4.ndjson'), folder('b.ndjson')]),
    await json(['diff', `${MECHANISM_WITNESS}@2`, `${MECHANISM_WITNESS}@9`]),
  ],
  'inject into a mechanism': async () => [
    await json(['inject', folder('s13.4.ndjson'), '--at', '9', '--fault', 'F4', '-o', folder('f4.ndjson')]),
  ],
  'inject --list': async () => [
    await json(['inject', folder('s13.4.ndjson'), '--at', '9', '--fault', 'F4', '--list']),
  ],
  replay: async () => {
    await ran(['record', LIST, '-o', folder('list.ndjson')]);
    writeFileSync(folder('cut.ndjson'), readFileSync(folder('list.ndjson')).subarray(0, 2000));
    // A digest that no run of it has.
    const told = readFileSync(folder('list.ndjson'), 'utf8').replace(
      /"digest":"\w+"/,
      `"digest":"${'0'.repeat(32)}"`,
    );
    writeFileSync(folder('other.ndjson'), told);
    const [there] = await programRecordings();
    return [
      await ofProgram(['replay', there], inRepository('fixtures/x86/programs/list-missing-flush.elf')),
      await json(['replay', folder('cut.ndjson')]),
      await json(['replay', folder('other.ndjson')]),
      await printed(['replay', WITNESS, '--check', CHECK]),
    ];
  },
  show: async () => {
    const places = ['4', '9', '12', '20', '25'];
    const shown = await Promise.all(places.map((at) => json(['show', folder('two.ndjson'), '--at', at])));
    const [there, gone] = await programRecordings();
    shown.push(await json(['show', there, '--at', '9']), await json(['show', gone, '--at', '9']));
    return [...shown, await json(['show', BUG, '--at', '143', '--line', '+0x40'])];
  },
  diff: async () => {
    await ran(['record', TWO, '--seed', '1', '-o', folder('one.ndjson')]);
    return [
      await json(['diff', folder('one.ndjson'), folder('two.ndjson')]),
      await json(['diff', `${folder('one.ndjson')}@0`, `${folder('one.ndjson')}@14`]),
      await json(['diff', `${BUG}@200`, `${BUG}@end`]),
      await json(['diff', `${BUG}@end`, `${BUG}@143`]),
    ];
  },
  inject: async () => {
    const crash = ['inject', BUG, '--at', '143', '--fault', 'power-loss', '-o', folder('crash.ndjson')];
    return [await printed([...crash, '--check', CHECK, '--image', folder('image')])];
  },
  export: async () => [await json(['export', folder('two.ndjson'), '-o', folder('two.storelog')])],
  list: async () => [await json(['list', inRepository('replays'), '--events'])],
  compare: async () => [await json(['compare', 'S2'])],
  campaign: async () => {
    writeFileSync(folder('nonsense.mjs'), 'export default () => 7;\n');
    const campaign = ['campaign', BUG, '--quiet', '--witnesses', folder('witnesses')];
    return [
      await printed([...campaign, '--check', CHECK, '--limit-images-per-point', '4']),
      await printed([...campaign, '--check', folder('nonsense.mjs')]),
    ];
  },
};

/** Sections of docs/json.md: members by name, and those whose contents may be anything. */
function documented(): Map<string, { members: Set<string>; any: Set<string> }> {
  const sections = new Map<string, { members: Set<string>; any: Set<string> }>();
  let members = new Set<string>();
  let any = new Set<string>();
  for (const line of readFileSync(inRepository('docs/json.md'), 'utf8').split('\n')) {
    const heading = /^## (.+)$/.exec(line);
    if (heading !== null) {
      members = new Set();
      any = new Set();
      sections.set(heading[1], { members, any });
    }
    const row = /^\| `([^`]+)` \| (.+) \|$/.exec(line);
    if (row === null) continue;
    members.add(row[1]);
    if (row[2].includes('(*any*)')) any.add(row[1]);
  }
  return sections;
}

/** The names of all members of a value; lists of texts and numbers are one member. */
function membersOf(value: unknown, name: string, any: ReadonlySet<string>, into: Set<string>): void {
  if (name !== '' && !(name.endsWith('[]') && typeof value !== 'object')) into.add(name);
  if (any.has(name) || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    into.delete(name);
    if (value.every((entry) => typeof entry !== 'object')) into.add(name);
    for (const entry of value) membersOf(entry, `${name}[]`, any, into);
    return;
  }
  for (const [key, inner] of Object.entries(value))
    membersOf(inner, name === '' ? key : `${name}.${key}`, any, into);
}

describe('docs/json.md has just the members that --json prints', () => {
  const sections = documented();
  const common = sections.get('every command')!.members;

  for (const [section, runs] of Object.entries(RUNS)) {
    it(section, { timeout: 60_000 }, async () => {
      const { members, any } = sections.get(section)!;
      const command = section.split(' ')[0];
      const found = new Set<string>();
      for (const object of await runs()) {
        expect(object).toMatchObject({ schemaVersion: 1, command });
        membersOf(object, '', any, found);
      }
      // An empty list, or null, says nothing of its entries.
      for (const name of [...found]) if (found.has(`${name}[]`)) found.delete(name);
      expect([...found].sort()).toEqual([...common, ...members].sort());
    });
  }
});
