import type { Command } from 'commander';
import { ownVersion } from '../recordings/own-version.ts';
import { campaignCommand } from './campaign.ts';
import { compareCommand } from './compare.ts';
import { diffCommand } from './diff.ts';
import { examples } from './examples.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { injectCommand } from './inject.ts';
import { listCommand } from './list.ts';
import { mergeCommand } from './merge.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { runProgramCommand } from './run-program.ts';
import type { Session } from './session.ts';
import { showCommand } from './show.ts';
import { withCommands } from './with-commands.ts';

const OVERVIEW =
  'Record and replay what a program does to its persistent memory, crash it at every event, and keep each bug as a ' +
  'recording that reproduces it.';

const STATUSES = `
Exit status: 0 clean, 1 violation or difference found, 2 incomplete, undecided or stale, 3 bad input or usage, 4 not
deterministic, 130 interrupted, 141 the reader of the output went away. docs/command-line.md tells more.`;

/** The whole command line. What a command does is loaded when it is called. */
export function program(session: Session): Command {
  return withCommands(session, [
    importCommand(session),
    runProgramCommand(session),
    recordCommand(session),
    replayCommand(session),
    showCommand(session),
    diffCommand(session),
    injectCommand(session),
    exportCommand(session),
    campaignCommand(session),
    compareCommand(session),
    mergeCommand(session),
    listCommand(session),
  ])
    .description(OVERVIEW)
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show help of a command')
    .addHelpText('after', STATUSES)
    .addHelpText(
      'after',
      examples([
        ['tearline record fixtures/programs/list-push.json -o list.ndjson', 'record a run …'],
        ['tearline replay list.ndjson --verify', '… and replay it, event by event the same'],
        [
          'tearline campaign fixtures/pmem/listbug8.storelog --check fixtures/pmem/check.mjs',
          'crash a run at every event, judge every image that can be left, find the missing fence',
        ],
        [
          'tearline replay tearline-out/*.ndjson --check fixtures/pmem/check.mjs',
          'reproduce the bug, anywhere, years later',
        ],
      ]),
    );
}
