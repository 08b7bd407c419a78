import { createHash } from 'node:crypto';
import { Digest } from '../kernel/digest.ts';
import { InputError } from '../kernel/errors.ts';
import { eventCodec } from '../kernel/event-json.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import { type Plain, plainState } from '../kernel/plain-state.ts';
import type { Instruction, Mechanism, Policy, Setting } from '../mechanisms/mechanism.ts';
import { settingOf } from '../mechanisms/setting.ts';
import { type RecordingHeader, recordingHeader } from './header.ts';
import { isRecord } from './json-record.ts';
import { ENVELOPE, type Json, type JsonRecord, type RecordingType } from './recording-type.ts';

/** Recordings of the runs of a mechanism. */
export const mechanismRecording = (mechanism: Mechanism): RecordingType<object, AnyEvent> => ({
  model: {
    name: mechanism.name,
    version: mechanism.version,
    evolve: (state, event) => mechanism.evolve(state, event),
    digest: stateDigest,
  },
  table: mechanism.events,
  codec: eventCodec(mechanism.events, ENVELOPE),
  initial: (configuration) => mechanism.initial(settingFrom(mechanism, configuration)),
});

/**
 * The header of a run in this setting. It holds the whole scenario and every policy, so that it can be replayed when
 * neither is in the mechanism's lists any more.
 */
export function mechanismHeader(
  mechanism: Mechanism,
  { scenario, policy, mutant }: Setting,
): RecordingHeader {
  const { name, world, actors } = scenario;
  return recordingHeader(mechanismRecording(mechanism), {
    scenario: name,
    configuration: { scenario: name, world, actors, policy, ...(mutant !== undefined && { mutant }) },
    policy,
    mutants: mutant === undefined ? [] : [mutant],
  });
}

/** The setting that a header of this mechanism tells. Throws `InputError` for anything that is none. */
export function settingFrom(mechanism: Mechanism, configuration: JsonRecord): Setting {
  const { scenario, world, actors, policy, mutant } = configuration;
  const refuse = (what: string): never => {
    throw new InputError(`configuration of ${mechanism.name}: ${what}`);
  };
  if (typeof scenario !== 'string') return refuse('scenario must be a name');
  if (!isRecord(world)) return refuse('world must be an object');
  if (!isActors(actors)) return refuse('actors must be lists of instructions, each with a text `do`');
  if (!isPolicy(policy)) return refuse('policy must be an object of texts');
  if (mutant !== undefined && typeof mutant !== 'string') return refuse('mutant must be a name');
  return settingOf(mechanism, { name: scenario, meaning: 'of a recording', world, actors, policy }, mutant);
}

const isActors = (value: Json | undefined): value is Record<string, Instruction[]> =>
  isRecord(value) && Object.values(value).every((list) => Array.isArray(list) && list.every(isInstruction));

const isInstruction = (value: unknown): boolean => isRecord(value) && typeof value['do'] === 'string';

const isPolicy = (value: Json | undefined): value is Policy =>
  isRecord(value) && Object.values(value).every((chosen) => typeof chosen === 'string');

/**
 * Digest of all that a state holds, whatever the order of its members: half of a SHA-256, which no change of this program
 * will change.
 */
function stateDigest(state: object): Digest {
  const text = JSON.stringify(inOrder(plainState(state)));
  return Digest.fromHex(createHash('sha256').update(text).digest('hex').slice(0, 32));
}

function inOrder(value: Plain): Plain {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(inOrder);
  const members = Object.entries(value).map(([name, member]) => [name, inOrder(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);
