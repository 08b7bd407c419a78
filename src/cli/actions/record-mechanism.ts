import { JudgedRun } from '../../explore/fault-campaign/judged-run.ts';
import { verdictOfRun } from '../../explore/fault-campaign/run-verdict.ts';
import { settingOf } from '../../mechanisms/setting.ts';
import { findMechanism, findScenario } from '../../node/mechanism-source.ts';
import { mechanismHeader, mechanismRecording, RecordingWriter } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { print } from '../print.ts';
import { outputName, recordingTarget } from '../recording-target.ts';
import { type Io, STATUS } from '../session.ts';

export interface MechanismOptions {
  readonly output: string;
  readonly scenario?: string;
  readonly mutant?: string;
  readonly json?: boolean;
}

/** Records the run of a scenario without faults, up to its end or to what does not hold. */
export async function recordMechanism(io: Io, what: string, options: MechanismOptions): Promise<number> {
  const { output, mutant, json = false } = options;
  const mechanism = await findMechanism(what);
  const scenario = findScenario(mechanism, options.scenario);
  const setting = settingOf(mechanism, scenario, mutant);
  const type = mechanismRecording(mechanism);
  const run = new JudgedRun(mechanism, setting);
  const writer = await RecordingWriter.open(
    recordingTarget(io, output),
    type,
    mechanismHeader(mechanism, setting),
  );
  for (const event of run.goOn()) await writer.write({ firstIndex: run.world.index - 1, events: [event] });
  const verdict = verdictOfRun(mechanism, setting, run);
  await writer.end({ ...verdict });
  const { index: events, state } = run.world;
  const found = {
    command: 'record',
    mechanism: mechanism.name,
    scenario: scenario.name,
    mutant,
    recording: output,
    events,
    digest: type.model.digest(state).hex(),
    verdict,
  };
  print(output === '-' ? io.stderr : io.stdout, json, found, () => [
    `${outputName(output)}: ${events} events of ${mechanism.name}, scenario ${scenario.name}${mutant === undefined ? '' : `, mutant ${mutant}`}`,
    printable(verdict.explanation),
  ]);
  return verdict.kind === 'violating' ? STATUS.violation : STATUS.clean;
}
