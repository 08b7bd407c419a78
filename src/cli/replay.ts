import { Command } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';
import { parseCount, parseMark } from './values.ts';

export const replayCommand = (session: Session): Command =>
  new Command('replay')
    .description('Fold a recording and confirm that it leads where it led before.')
    .argument('<file>', 'recording, compressed or not; - reads standard input')
    .option('--at <index>', 'stop after so many events; -1 is one before the end', parseMark)
    .option('--verify', 'demand that checksums and digests confirm all of it: status 2 when it was cut short')
    .option('--check <checker.mjs>', 'judge what a loss of power leaves at the end with this module')
    .option(
      '--check-timeout <ms>',
      'how long the checker may take, in milliseconds',
      parseCount(1, 3_600_000),
      10_000,
    )
    .option(
      '--mechanism <module.mjs>',
      'of a mechanism that does not come with tearline: the module that exports it',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Checksums and digests are compared in any case. A reproduction, which ends with a verdict, has the digest of its crash image
compared too; --check judges the image anew and says what changed since. The run of a mechanism is judged anew by its
invariants, after every event, and must violate what it violated. The program of a recording is run again where it is found,
or where the command behind -- says, and must do event by event what it did; where only digests were
recorded (record --events none), they are compared, stretch by stretch.

Exit status: 0 clean, 1 it violates, 2 not confirmed, undecided or stale, 3 damaged, 4 it led somewhere else.
${examples([
  ['tearline record fixtures/programs/list-push.json -o list.ndjson', 'a recording'],
  ['tearline replay list.ndjson --verify', 'the same, event by event'],
  [
    'tearline replay list.ndjson --at 20 --check fixtures/programs/list-check.mjs',
    'judge a crash after 20 events',
  ],
])}`,
    )
    .action((file: string, options) =>
      session.actOnProgram(async (io, guest) =>
        (await import('./actions/replay.ts')).replay(io, file, options, guest),
      ),
    );
