import { Command, InvalidArgumentError } from 'commander';
import { faultKinds } from '../explore/faults.ts';
import type { SurvivorChoice } from '../explore/injection.ts';
import { examples } from './examples.ts';
import type { Session } from './session.ts';
import { parseCount, parseMark, parsePlatform } from './values.ts';

const FAULTS = faultKinds.map(({ injected }) => injected);

export const injectCommand = (session: Session): Command =>
  new Command('inject')
    .description('Put a fault into a run after N events, and write the run with it as a recording.')
    .argument('<file>', 'recording or store log, compressed or not; - reads standard input')
    .requiredOption(
      '--at <index>',
      'number of events before the fault; -1 is one before the end; end',
      parseMark,
    )
    .requiredOption(
      '--fault <fault>',
      `${FAULTS.join(', ')} (tearline list tells what they are); or a number of the catalogue, such as F4`,
      parseFault,
    )
    .option('-o, --output <file>', 'recording to write; .gz compresses it')
    .option(
      '--survivors <lines>',
      'what a loss of power leaves beyond the persistence domain: none, all, or LINE=COUNT,…: of a line its oldest pieces (default: none)',
      parseSurvivors,
    )
    .option('--line <address>', 'of eviction and torn-write: the line that holds it: with 0x, or FILE+OFFSET')
    .option('--atoms <list>', 'of torn-write: the atoms of 8 bytes that are written, such as 0,3', parseAtoms)
    .option('--go-on', 'of eviction: go on with the rest of the run')
    .option('--check <checker.mjs>', 'judge what the loss of power leaves with this module')
    .option(
      '--check-timeout <ms>',
      'how long the checker may take, in milliseconds',
      parseCount(1, 3_600_000),
      10_000,
    )
    .option(
      '--image <path>',
      'write the files as the loss of power leaves them: to a file, or into a directory',
    )
    .option('--list', 'of a mechanism: tell in which ways the fault can happen there, and write nothing')
    .option('--which <number>', 'of a mechanism: which of these ways (default: 0)', parseCount(0, 1_000_000))
    .option(
      '--mechanism <module.mjs>',
      'of a mechanism that does not come with tearline: the module that exports it',
    )
    .option('--platform <platform>', 'of a store log: P0, P1, P1f or P2 (default: P1)', parsePlatform)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Of a mechanism recovery is run to its end, and then the scenario; every invariant is judged after every event.

Exit status: 0 done, and clean where it was judged; 1 it violates; 2 undecided; 3 the fault cannot be put there.
${examples([
  ['tearline record fixtures/programs/list-push.json -o list.ndjson', 'a run'],
  [
    'tearline inject list.ndjson --at 15 --fault power-loss -o crash.ndjson --image crash.img',
    'nothing more survives',
  ],
  [
    'tearline inject fixtures/pmem/listbug8.storelog --at 143 --fault power-loss --survivors pool.img+0x40=1 --check fixtures/pmem/check.mjs -o bug.ndjson',
    'of one line the oldest piece survives: a bug, by hand',
  ],
  [
    'tearline inject list.ndjson --at end --fault adr-failure --check fixtures/programs/list-check.mjs -o adr.ndjson',
    'the queues are lost too',
  ],
  [
    'tearline inject list.ndjson --at 7 --fault eviction --line list+0x40 --go-on -o evicted.ndjson',
    'a line is written back unasked',
  ],
  ['tearline record S13.4 -o s13.4.ndjson', 'a run of a mechanism'],
  ['tearline inject s13.4.ndjson --at 40 --fault F10 --list', 'every memory error that can happen there'],
  [
    'tearline inject s13.4.ndjson --at 40 --fault F10 --which 2 -o error.ndjson',
    'one of them, with the recovery from it',
  ],
])}`,
    )
    .action((file: string, options) =>
      session.act(async (io) => (await import('./actions/inject.ts')).inject(io, file, options)),
    );

function parseFault(text: string): string {
  if (FAULTS.some((known) => known === text) || /^F\d{1,2}$/.test(text)) return text;
  throw new InvalidArgumentError(`It must be one of ${FAULTS.join(', ')}.`);
}

function parseSurvivors(text: string): SurvivorChoice {
  if (text === 'none' || text === 'all') return text;
  return text.split(',').map((entry) => {
    const at = entry.lastIndexOf('=');
    const count = entry.slice(at + 1);
    if (at < 1 || !/^\d{1,9}$/.test(count)) {
      throw new InvalidArgumentError(
        'It must be none, all, or LINE=COUNT with commas between, such as pool+0x40=1.',
      );
    }
    return { place: entry.slice(0, at), pieces: Number(count) };
  });
}

function parseAtoms(text: string): number[] {
  if (/^\d{1,2}(,\d{1,2})*$/.test(text)) return [...new Set(text.split(',').map(Number))];
  throw new InvalidArgumentError('It must be numbers of atoms with commas between, such as 0,3.');
}
