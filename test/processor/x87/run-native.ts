import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AREA_BYTES, type End, type Start } from './machine-state.ts';

const SOURCE = new URL('native.c', import.meta.url).pathname;
const INPUT_BYTES = 16 + 8 + 2 * AREA_BYTES;
const OUTPUT_BYTES = 16 + 2 * AREA_BYTES;

/** Whether this machine can compile and run the C source. */
export function canRunNatively(): boolean {
  try {
    return process.arch === 'x64' && execFileSync('gcc', ['--version']).length > 0;
  } catch {
    return false;
  }
}

/** What the processor of this machine makes of instructions, each from its own start. */
export function runNatively(cases: readonly { bytes: readonly number[]; start: Start }[]): End[] {
  const input = new Uint8Array(cases.length * INPUT_BYTES);
  const view = new DataView(input.buffer);
  for (const [index, { bytes, start }] of cases.entries()) {
    const at = index * INPUT_BYTES;
    input[at] = bytes.length;
    input.set(bytes, at + 1);
    view.setBigUint64(at + 16, BigInt(start.flags), true);
    input.set(start.memory, at + 24);
    input.set(start.state, at + 24 + AREA_BYTES);
  }
  const folder = mkdtempSync(join(tmpdir(), 'tearline-x87-'));
  try {
    const program = join(folder, 'native');
    execFileSync('gcc', ['-O1', '-o', program, SOURCE]);
    const output = execFileSync(program, { input, maxBuffer: 2 ** 30 });
    return cases.map((_, index) => endAt(output.subarray(index * OUTPUT_BYTES, (index + 1) * OUTPUT_BYTES)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const endAt = (output: Buffer): End => ({
  flags: output.readUInt32LE(0),
  ax: output.readUInt16LE(8),
  memory: output.subarray(16, 16 + AREA_BYTES),
  state: output.subarray(16 + AREA_BYTES),
});
