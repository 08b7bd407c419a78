import { Command } from 'commander';
import { examples } from './examples.ts';
import type { Session } from './session.ts';

const DETAILS = `
Every variant does the same work. Told are what the run costs without faults, what recovery takes after a fault at every event,
and of each fault, tried alone at every event, how often it was survived, and how often it ended in a loss that nothing could
prevent and that was reported. Ticks are declared, not measured: they tell cheap work from dear work, and the numbers are the
same on every computer. Read shapes from them: what grows with what, and which is more.

Exit status: 0 compared, 1 a variant broke one of its invariants, 3 bad input or usage.`;

/** `tearline compare S13`: one workload through several mechanisms, or through one with different worlds. */
export const compareCommand = (session: Session): Command =>
  new Command('compare')
    .description(
      'Choose between mechanisms by numbers: one workload through all variants, with costs, recovery and faults.',
    )
    .argument('<what>', 'the comparison: the name of a group of mechanisms such as S13, or of one such as S2')
    .option('--scenario <name>', 'the workload (default: the first one of the comparison)')
    .option('--report <dir>', 'write index.html, a page with charts, into this directory')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress on stderr')
    .addHelpText('after', DETAILS)
    .addHelpText(
      'after',
      examples([
        [
          'tearline compare S13',
          'six strategies of checkpointing: pauses, copies, memory, rollback, what survives',
        ],
        ['tearline compare S1 --json', 'a flush hint that traps, and one that does not'],
        [
          'tearline compare S2 --scenario two-destinations --report compared',
          'batteries of different strength, as a page',
        ],
      ]),
    )
    .action((what: string, options) =>
      session.act(async (io) => (await import('./actions/compare.ts')).compare(io, what, options)),
    );
