import { faultName } from '../../explore/fault-campaign/run-verdict.ts';
import { InputError } from '../../kernel/errors.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import { injectFault, occurrencesIn } from '../../node/mechanism-injection.ts';
import { eventsUpTo, type MechanismRun } from '../../node/mechanism-run.ts';
import { writeWholeRecording } from '../../node/whole-recording.ts';
import { mechanismHeader, mechanismRecording } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { mechanismEventText } from '../mechanism-event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import type { InjectOptions } from './inject-options.ts';

/** Puts a fault into a run of a mechanism and lets it recover; writes that as a recording with its verdict. */
export async function injectMechanism(
  io: Io,
  run: MechanismRun,
  { at, fault, which = 0, output, json = false }: InjectOptions & { readonly output: string },
): Promise<number> {
  const { mechanism, setting, name } = run;
  const index = eventsUpTo(run, at);
  const occurrences = occurrencesIn(run, index, fault);
  if (which >= occurrences.length) {
    throw new InputError(
      `${fault} can happen in ${occurrences.length} ways after ${index} events: give --which 0 to ${occurrences.length - 1}; --list tells them`,
    );
  }
  const { events, verdict } = injectFault(run, index, fault, occurrences[which]);
  await writeWholeRecording(output, mechanismRecording(mechanism), {
    header: mechanismHeader(mechanism, setting),
    events,
    verdict: { ...verdict },
  });
  const found = {
    command: 'inject',
    file: name,
    recording: output,
    mechanism: mechanism.name,
    mutant: setting.mutant,
    fault,
    at: index,
    which,
    occurrence: textsOf(run, occurrences[which], index),
    events: events.length,
    verdict,
  };
  print(io.stdout, json, found, () => [
    `${output}: ${fault}, ${faultName(fault)}, after ${index} events of ${name}; ${events.length} events`,
    ...found.occurrence.map((text) => `  ${text}`),
    `${verdict.kind}: ${printable(verdict.explanation)}`,
  ]);
  return verdict.kind === 'violating' ? STATUS.violation : STATUS.clean;
}

/** Tells in which ways a fault can befall a mechanism somewhere. */
export async function listOccurrences(
  io: Io,
  run: MechanismRun,
  { at, fault, json = false }: InjectOptions,
): Promise<number> {
  const index = eventsUpTo(run, at);
  const occurrences = occurrencesIn(run, index, fault).map((events) => textsOf(run, events, index));
  const found = {
    command: 'inject',
    file: run.name,
    mechanism: run.mechanism.name,
    fault,
    at: index,
    occurrences,
  };
  print(io.stdout, json, found, () => [
    `${fault}, ${faultName(fault)}, can happen in ${occurrences.length} ${occurrences.length === 1 ? 'way' : 'ways'} after ${index} events of ${run.name}`,
    ...occurrences.map((events, which) => `  --which ${which}  ${events.join('; ')}`),
  ]);
  return STATUS.clean;
}

const textsOf = ({ mechanism }: MechanismRun, events: readonly AnyEvent[], index: number): string[] =>
  events.map((event, i) => mechanismEventText(mechanism.events, event, index + i));
