import type { CampaignReport, GroupReport } from '../../explore/campaign-report.ts';
import { visible } from './visible.ts';

export interface Command {
  readonly purpose: string;
  readonly text: string;
}

/** What to type to see a group's violation again. */
export function commandsOf({ witness }: GroupReport, report: CampaignReport): Command[] {
  const { log, checker, checkerKind, platform } = report;
  const { recording, events } = witness;
  if (recording === null) {
    if (checkerKind === 'recovery') return []; // the log is a program, and there is no recording of its run
    return [
      {
        purpose: 'Show the run just before the crash',
        text: `tearline show ${word(log)} --at ${witness.index} --platform ${platform}`,
      },
    ];
  }
  const file = word(recording);
  const purpose =
    checkerKind === 'recovery'
      ? 'Run the witness again, verify it, and recover what it leaves'
      : 'Run the witness again and verify it';
  const commands = [{ purpose, text: `tearline replay ${file}` }];
  if (checkerKind === 'module' && checker !== null) {
    commands.push({ purpose: 'Judge it anew', text: `tearline replay ${file} --check ${word(checker)}` });
  }
  if (events !== null && events > 0) {
    commands.push({
      purpose: 'Show the machine just before power is lost',
      text: `tearline show ${file} --at ${events - 1}`,
    });
  }
  return commands;
}

/** One word of a POSIX shell, or of one that knows `$'…'` where characters are hidden. Never taken for an option. */
export function word(text: string): string {
  const safe = text.startsWith('-') ? `./${text}` : text;
  if (/^[\w./:@%+,=-]+$/.test(safe)) return safe;
  if (visible(safe) === safe && !/[\n\t]/.test(safe)) return `'${safe.replaceAll("'", `'\\''`)}'`;
  const spelled = visible(safe.replace(/[\\']/g, '\\$&')).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `$'${spelled}'`;
}
