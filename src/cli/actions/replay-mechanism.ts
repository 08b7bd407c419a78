import type { Departure } from '../../explore/fault-campaign/judged-run.ts';
import { faultName } from '../../explore/fault-campaign/run-verdict.ts';
import { InputError } from '../../kernel/errors.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { type JudgedReplay, judgedReplay } from '../../node/judged-replay.ts';
import { mechanismRecording } from '../../recordings/recordings.ts';
import { printable } from '../event-text.ts';
import { mechanismEventText } from '../mechanism-event-text.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { foldJson, foldText, type ReplayOptions, type ReplaySource } from './replay-source.ts';

/** Folds a recording of a mechanism's run, and judges every invariant after every event. */
export async function replayMechanism(
  io: Io,
  mechanism: Mechanism,
  { name, source, to }: ReplaySource,
  { verify = false, check, json = false }: ReplayOptions,
): Promise<number> {
  if (check !== undefined)
    throw new InputError(`${name}: a mechanism is judged by its own invariants: leave --check out`);
  const found = await judgedReplay(name, source, mechanism, to === undefined ? {} : { to });
  const status = statusOf(found, verify);
  print(io.stdout, json, jsonOf(name, mechanism, found, status), () => textOf(name, mechanism, found));
  return status;
}

function statusOf({ replayed, recorded, breach, stands }: JudgedReplay, verify: boolean): number {
  if (replayed.divergence !== undefined || stands === false) return STATUS.nondeterminism;
  if (recorded?.kind === 'violating' || breach !== null) return STATUS.violation;
  return verify && replayed.verified < replayed.index && replayed.cut !== undefined
    ? STATUS.undecided
    : STATUS.clean;
}

function jsonOf(name: string, mechanism: Mechanism, found: JudgedReplay, status: number) {
  const { replayed, recorded, breach, departure, lost, stands } = found;
  const { header, state } = replayed;
  return {
    command: 'replay',
    file: name,
    status,
    model: header.model,
    modelVersion: header.modelVersion,
    scenario: header.scenario,
    policy: header.policy,
    mutant: header.mutants[0],
    ...foldJson(replayed),
    digest: mechanismRecording(mechanism).model.digest(state).hex(),
    breach,
    departure: departure && {
      events: departure.events,
      nextEvent: nextText(mechanism, departure),
    },
    lost,
    reproduction: recorded && { ...recorded, stands },
  };
}

function textOf(name: string, mechanism: Mechanism, found: JudgedReplay): string[] {
  const { replayed } = found;
  const { header, index, divergence } = replayed;
  const mutant = header.mutants.length === 0 ? '' : `, mutant ${header.mutants.join(', ')}`;
  return [
    `${name}: ${index} events of ${mechanism.name}, ${mechanism.title}; scenario ${printable(header.scenario)}${printable(mutant)}`,
    ...foldText(replayed),
    ...(divergence === undefined ? judgementText(found) : []),
    ...departureText(mechanism, found),
  ];
}

function judgementText({ replayed, recorded, breach, lost, stands }: JudgedReplay): string[] {
  const lines =
    recorded === null
      ? []
      : [
          `recorded verdict: ${recorded.kind}${recorded.invariant === null ? '' : `, ${printable(recorded.invariant)}`}`,
          `  ${printable(recorded.explanation)}`,
          ...recorded.faults.map(({ number, index, events }) => {
            const which = events === 1 ? `event ${index}` : `events ${index} to ${index + events - 1}`;
            return `  ${printable(number)} is ${which}: ${faultName(number)}`;
          }),
        ];
  lines.push(
    breach === null
      ? `judged now: ${lost === null ? '' : `it is lost that ${lost}, and `}every invariant holds after each of ${replayed.index} events`
      : `judged now: ${breach.invariant} does not hold after ${breach.events} events: ${printable(breach.message)}`,
  );
  if (stands !== null)
    lines.push(stands ? 'as it was recorded' : 'NOT the same: it leads elsewhere than it was recorded');
  return lines;
}

function departureText(mechanism: Mechanism, { departure }: JudgedReplay): string[] {
  if (departure === null) return [];
  const next = nextText(mechanism, departure);
  return [
    `note: after ${departure.events} events the mechanism would now ${next === null ? 'do nothing' : `do otherwise: ${next}`}; a campaign tells whether it still fails`,
  ];
}

const nextText = ({ events: table }: Mechanism, { events, next }: Departure): string | null =>
  next === undefined ? null : mechanismEventText(table, next, events);
