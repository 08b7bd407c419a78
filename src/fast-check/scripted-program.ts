import fc from 'fast-check';
import type { ScriptedInstruction, ScriptedProgram } from '../guests/scripted.ts';
import { wholeNumber } from './constraints.ts';

/** What `scriptedProgram` may draw. */
export interface ScriptedProgramConstraints {
  /** The most cores, from 1 to 64. Default: 2. */
  readonly maxCores?: number;
  /** The most instructions of one core. Default: 12. */
  readonly maxInstructions?: number;
  /** Lines of the file, 1 or more. Default: 3. */
  readonly lines?: number;
  /** Bytes of a line: 8, 16, 32, 64, 128 or 256, as in the machine's configuration. Default: 64. */
  readonly lineBytes?: number;
  /** Virtual address of the file, a multiple of 8. Default: 0. */
  readonly base?: bigint;
  /** Whether there are non-temporal stores. Default: true. */
  readonly nonTemporal?: boolean;
  /** Whether stores may reach across atoms and lines. Default: true. */
  readonly straddling?: boolean;
  /** Whether there are locked instructions. Default: true. */
  readonly locked?: boolean;
  /** Memory controllers whose flush hints are written; 0: no hints. Default: 0. */
  readonly hintControllers?: number;
  /** Names of markers; none: no markers. Default: none. */
  readonly markers?: readonly string[];
}

/**
 * Small scripted programs whose stores often meet in a line, an atom and a byte, with flushes and fences between them.
 * Each passes `checkProgram`.
 *
 *     fc.property(scriptedProgram({ maxCores: 1, nonTemporal: false }), (program) => …)
 *
 * Shrinks towards fewer cores and instructions, the first line and atom, and zeros. Throws an `Error` that names the bad
 * constraint.
 */
export function scriptedProgram(constraints: ScriptedProgramConstraints = {}): fc.Arbitrary<ScriptedProgram> {
  const caller = 'scriptedProgram';
  const { base = 0n, nonTemporal = true, straddling = true, locked = true, markers = [] } = constraints;
  const maxCores = wholeNumber(caller, 'maxCores', constraints.maxCores, 2, { min: 1, max: 64 });
  const maxInstructions = wholeNumber(caller, 'maxInstructions', constraints.maxInstructions, 12);
  const lines = wholeNumber(caller, 'lines', constraints.lines, 3, { min: 1, max: 2 ** 32 });
  const lineBytes = wholeNumber(caller, 'lineBytes', constraints.lineBytes, 64, { min: 8, max: 256 });
  const hintControllers = wholeNumber(caller, 'hintControllers', constraints.hintControllers, 0, { max: 64 });
  if ((lineBytes & (lineBytes - 1)) !== 0)
    throw new Error(`${caller}: lineBytes must be a power of two, not ${lineBytes}`);
  if (base < 0n || base % 8n !== 0n) throw new Error(`${caller}: base must be a multiple of 8, not ${base}`);

  const sizeBytes = lines * lineBytes;
  // Only the first and the last atom of a line are used: enough for order within and between lines, and they meet often.
  const atom = fc
    .record({ line: fc.nat(lines - 1), atom: fc.constantFrom(0, 0, lineBytes - 8) })
    .map(({ line, atom }) => line * lineBytes + atom);
  const data = (lengthBytes: fc.Arbitrary<number>): fc.Arbitrary<string> =>
    fc
      .record({ lengthBytes, byte: fc.constantFrom(0, 1, 2, 3, 0xff) })
      .map(({ lengthBytes, byte }) => byte.toString(16).padStart(2, '0').repeat(lengthBytes));
  const within = fc
    .record({ atom, offset: fc.constantFrom(0, 0, 4, 7), data: data(fc.constantFrom(8, 4, 1)) })
    .map(({ atom, offset, data }) => placed(base, atom + offset, data, 8 - offset));
  const anywhere = fc
    .record({ atom, offset: fc.constantFrom(0, 0, 4, 7), data: data(fc.constantFrom(8, 8, 4, 1, 16)) })
    .map(({ atom, offset, data }) => placed(base, atom + offset, data, sizeBytes - atom - offset));

  const storing = (kind: 'store' | 'ntstore' | 'locked'): fc.Arbitrary<ScriptedInstruction> =>
    (straddling && kind !== 'locked' ? anywhere : within).map((where) => ({ kind, ...where }));
  const flushing = (kind: 'clwb' | 'clflushopt' | 'clflush'): fc.Arbitrary<ScriptedInstruction> =>
    atom.map((address) => ({ kind, address: base + BigInt(address) }));
  const waiting = (kind: 'sfence' | 'mfence'): fc.Arbitrary<ScriptedInstruction> => fc.constant({ kind });
  const weighted: fc.WeightedArbitrary<ScriptedInstruction>[] = [
    { weight: 9, arbitrary: storing('store') },
    { weight: 4, arbitrary: flushing('clwb') },
    { weight: 1, arbitrary: flushing('clflushopt') },
    { weight: 1, arbitrary: flushing('clflush') },
    { weight: 4, arbitrary: waiting('sfence') },
    { weight: 1, arbitrary: waiting('mfence') },
  ];
  if (nonTemporal) weighted.push({ weight: 4, arbitrary: storing('ntstore') });
  if (locked) weighted.push({ weight: 1, arbitrary: storing('locked') });
  if (hintControllers > 0) {
    const hint = fc.nat(hintControllers - 1).map((controller) => ({ kind: 'hint' as const, controller }));
    weighted.push({ weight: 2, arbitrary: hint });
  }
  if (markers.length > 0) {
    const marker = fc.constantFrom(...markers).map((name) => ({ kind: 'marker' as const, name }));
    weighted.push({ weight: 2, arbitrary: marker });
  }
  const instructions = fc.array(fc.oneof(...weighted), { maxLength: maxInstructions, size: 'max' });
  return fc
    .array(instructions, { minLength: 1, maxLength: maxCores, size: 'max' })
    .map((cores) => ({ file: 'memory', base, sizeBytes, cores }));
}

/** A store at an offset in the file, cut to the bytes that it may have. */
const placed = (
  base: bigint,
  offset: number,
  data: string,
  maxBytes: number,
): { address: bigint; data: string } => ({
  address: base + BigInt(offset),
  data: data.slice(0, 2 * maxBytes),
});
