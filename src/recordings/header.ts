import { InputError } from '../kernel/errors.ts';
import { type AnyEvent, shown } from '../kernel/event-table.ts';
import { type ParseLine, parseObject, repeatedKey } from './json.ts';
import { isRecord, NESTING_MAX } from './json-record.ts';
import type { JsonRecord, RecordingType } from './recording-type.ts';

const FORMAT = 'tearline-recording';
const FORMAT_VERSION = 1;

/** Something that went into a run, named and digested, so that it can be found again. */
export interface RecordingInput {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The first line of a recording: all that its events depend on. */
export interface RecordingHeader {
  readonly model: string;
  readonly modelVersion: number;
  readonly scenario: string;
  readonly configuration: JsonRecord;
  /** 64 bits; a `0x` string in JSON. */
  readonly seed: bigint;
  readonly policy: JsonRecord;
  readonly mutants: readonly string[];
  readonly inputs: readonly RecordingInput[];
}

/** A header for a recording of this type; what is left out is empty. */
export const recordingHeader = <State extends object, Event extends AnyEvent>(
  { model }: RecordingType<State, Event>,
  given: Partial<Omit<RecordingHeader, 'model' | 'modelVersion'>> & Pick<RecordingHeader, 'scenario'>,
): RecordingHeader => ({
  model: model.name,
  modelVersion: model.version,
  configuration: {},
  seed: 0n,
  policy: {},
  mutants: [],
  inputs: [],
  ...given,
});

/** The header line, without its line break. */
export function encodeHeader(header: RecordingHeader): string {
  const { model, modelVersion, scenario, configuration, seed, policy, mutants, inputs } = header;
  return JSON.stringify({
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    model,
    modelVersion,
    scenario,
    configuration,
    seed: `0x${seed.toString(16)}`,
    policy,
    mutants,
    inputs: inputs.map(({ name, sha256 }) => ({ name, sha256 })),
  });
}

/** Reads a header line; `recording` names it in errors. Throws `InputError` for all that is no header. */
export function decodeHeader(text: string, parse: ParseLine, recording: string): RecordingHeader {
  const refuse = (why: string): never => {
    throw new InputError(`${recording}, line 1: ${why}`);
  };
  const value = parseObject(parse, text);
  if (value?.format !== FORMAT) {
    return refuse('this is no recording: its first line must be a tearline-recording header');
  }
  if (text.endsWith('\r')) refuse('the line ends in CR LF: convert the file back to LF');
  if (!isRecord(value))
    return refuse(`the header has a key such as __proto__, or more than ${NESTING_MAX} levels`);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) refuse(`the key ${shown(repeated)} stands twice in an object`);
  const {
    formatVersion,
    model,
    modelVersion,
    scenario,
    configuration,
    seed,
    policy,
    mutants,
    inputs,
    ...rest
  } = value;
  if (formatVersion !== FORMAT_VERSION) {
    refuse(
      `formatVersion is ${shown(formatVersion)}, but only ${FORMAT_VERSION} can be read; use the release that wrote it`,
    );
  }
  const extra = Object.keys(rest).find((key) => key !== 'format');
  if (extra !== undefined) refuse(`the header has no member ${shown(extra)}`);
  if (typeof model !== 'string') return refuse('model must be a text');
  if (!Number.isSafeInteger(modelVersion)) refuse('modelVersion must be a whole number');
  if (typeof scenario !== 'string') return refuse('scenario must be a text');
  if (!isRecord(configuration)) return refuse('configuration must be an object');
  if (typeof seed !== 'string' || !/^0x[0-9a-f]{1,16}$/.test(seed))
    return refuse('seed must be a 0x string of 64 bits');
  if (!isRecord(policy)) return refuse('policy must be an object');
  if (!Array.isArray(mutants) || !mutants.every((one) => typeof one === 'string')) {
    return refuse('mutants must be a list of texts');
  }
  if (!Array.isArray(inputs) || !inputs.every(isInput))
    return refuse('inputs must be a list of names and sha256 digests');
  return {
    model,
    modelVersion: modelVersion as number,
    scenario,
    configuration,
    seed: BigInt(seed),
    policy,
    mutants,
    inputs,
  };
}

/** A recording without a header: nothing of it can be used. */
export const noHeader = (recording: string, droppedBytes: number): InputError =>
  new InputError(
    `${recording} ${droppedBytes === 0 ? 'is empty' : 'has no whole line'}: it is no recording, or was cut within its header`,
  );

const isInput = (value: unknown): value is RecordingInput =>
  isRecord(value) &&
  Object.keys(value).length === 2 &&
  typeof value.name === 'string' &&
  typeof value.sha256 === 'string' &&
  /^[0-9a-f]{64}$/.test(value.sha256);
