import { InputError } from '../../kernel/errors.ts';
import { plainState } from '../../kernel/plain-state.ts';
import { foldMechanismRun } from '../../node/fold-mechanism-run.ts';
import { eventsUpTo, type MechanismRun } from '../../node/mechanism-run.ts';
import { mechanismRecording } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { mechanismEventText } from '../mechanism-event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { treeText } from '../tree-text.ts';
import type { ShowOptions } from './show-options.ts';

/** The state of a mechanism after so many events, and what it does next. */
export async function showMechanism(
  io: Io,
  run: MechanismRun,
  { at, line, bytes, limit, json = false }: ShowOptions,
): Promise<number> {
  const option = line !== undefined ? '--line' : bytes !== undefined ? '--bytes' : undefined;
  if (option !== undefined)
    throw new InputError(
      `${run.name}: ${option} looks at persistent memory, and this is a run of ${run.mechanism.name}: leave it out`,
    );
  const { mechanism, events, setting, header, name } = run;
  const index = eventsUpTo(run, at);
  const { state, reference } = foldMechanismRun(run, index);
  const text = (event: (typeof events)[number], place: number): string =>
    mechanismEventText(mechanism.events, event, place);
  const recovery = mechanism.recover(state);
  const next = recovery ?? mechanism.decide(state);
  const found = {
    command: 'show',
    file: name,
    mechanism: mechanism.name,
    scenario: setting.scenario.name,
    policy: setting.policy,
    mutant: setting.mutant,
    index,
    lastEvent: index === 0 ? null : text(events[index - 1], index - 1),
    nextEvent: next && text(next, index),
    recovering: recovery !== undefined,
    lost: mechanism.reference.lost(reference),
    state: plainState(state),
    digest: mechanismRecording(mechanism).model.digest(state).hex(),
  };
  print(io.stdout, json, found, () => [
    `${name} after ${index} ${index === 1 ? 'event' : 'events'}${found.lastEvent === null ? '' : `, the last one ${found.lastEvent}`}`,
    `${mechanism.name}, ${mechanism.title}; scenario ${printable(header.scenario)}${setting.mutant === undefined ? '' : `, mutant ${setting.mutant}`}`,
    found.nextEvent === undefined
      ? 'nothing happens next: neither recovery nor the scenario has anything left to do'
      : `next, ${recovery === undefined ? 'by the scenario' : 'by recovery'}: ${found.nextEvent}`,
    ...(found.lost === undefined ? [] : [`lost for good: ${found.lost}`]),
    '',
    ...Object.entries(found.state ?? {}).flatMap(([member, value]) => treeText(member, value, limit)),
    '',
    `state digest  ${found.digest}`,
  ]);
  return STATUS.clean;
}
