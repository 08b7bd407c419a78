import { InputError } from '../../kernel/errors.ts';
import { eventCodec } from '../../kernel/event-json.ts';
import { checkProgram } from './check.ts';
import { type ScriptedInstruction, type ScriptedProgram, scriptedInstructions } from './instructions.ts';

const codec = eventCodec(scriptedInstructions);
const MEMBERS: ReadonlySet<string> = new Set(['file', 'base', 'sizeBytes', 'cores']);
const HEX = /^0x[0-9a-f]{1,16}$/i;

/**
 * A program from its JSON form, as `JSON.parse` returns it. Addresses are numbers or `0x` strings, data pairs of
 * hexadecimal digits; `file` and `base` may be left out.
 *
 *     { "file": "list", "base": "0x10000000", "sizeBytes": 4096, "cores": [[
 *       { "kind": "store", "address": "0x10000040", "data": "2a00000000000000" },
 *       { "kind": "clwb", "address": "0x10000040" },
 *       { "kind": "sfence" } ]] }
 *
 * Throws `InputError`: one line that names core and instruction, both from 0 on, and what is wrong with it.
 */
export function parseProgram(value: unknown): ScriptedProgram {
  const given = record(value, 'must be an object with sizeBytes and cores');
  const unknown = Object.keys(given).find((key) => !MEMBERS.has(key));
  if (unknown !== undefined) refuse(`has no member ${JSON.stringify(unknown)}`);
  const { file = 'memory', base = 0, sizeBytes, cores } = given;
  if (typeof file !== 'string' || file === '') refuse('file must be a name');
  if (typeof sizeBytes !== 'number') refuse('sizeBytes must be a number');
  if (!Array.isArray(cores)) refuse('cores must be a list with a list of instructions for each core');
  const program = {
    file,
    base: unsigned(base) ?? refuse('base must be a number or a 0x string'),
    sizeBytes,
    cores: cores.map((instructions: unknown, core) => {
      if (!Array.isArray(instructions)) refuse(`core ${core} must be a list of instructions`);
      return instructions.map((instruction: unknown, at) =>
        parseInstruction(instruction, `core ${core}, instruction ${at}:`),
      );
    }),
  };
  checkProgram(program);
  return program;
}

/** The JSON form of a program, which `parseProgram` reads. One instruction on each line. */
export function programJson({ file, base, sizeBytes, cores }: ScriptedProgram): string {
  const lists = cores.map(
    (instructions) => `[\n${instructions.map((one) => `    { ${codec.encode(one)} }`).join(',\n')}\n  ]`,
  );
  const head = `"file": ${JSON.stringify(file)},\n  "base": "0x${base.toString(16)}",\n  "sizeBytes": ${sizeBytes}`;
  return `{\n  ${head},\n  "cores": [${lists.join(', ')}]\n}\n`;
}

function parseInstruction(value: unknown, place: string): ScriptedInstruction {
  const given = { ...record(value, `${place} must be an object with a kind`) };
  if ('cause' in given) refuse(`${place} ${String(given['kind'])} has no field "cause"`);
  if ('address' in given) given['address'] = addressText(given['address']);
  if (typeof given['data'] === 'string') given['data'] = given['data'].toLowerCase();
  const instruction = codec.decode(given);
  return typeof instruction === 'string' ? refuse(`${place} ${instruction}`) : instruction;
}

/** The form that the codec knows; what is no address stays as it is, and the codec says so. */
function addressText(value: unknown): unknown {
  const address = unsigned(value);
  return address === undefined ? value : `0x${address.toString(16)}`;
}

function unsigned(value: unknown): bigint | undefined {
  if (typeof value === 'string') return HEX.test(value) ? BigInt(value) : undefined;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? BigInt(value as number) : undefined;
}

function record(value: unknown, wanted: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(wanted);
  return value as Record<string, unknown>;
}

function refuse(what: string): never {
  throw new InputError(`scripted program: ${what}`);
}
