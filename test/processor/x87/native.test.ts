import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/many.ts';
import { drawStart } from './draw-start.ts';
import { INSTRUCTIONS, type Tested } from './instructions.ts';
import { endText, stateText } from './machine-state.ts';
import { Modelled } from './run-modelled.ts';
import { canRunNatively, runNatively } from './run-native.ts';

/** A line for each instruction: its name, and for each case 32 bits of the digest of what an AMD EPYC made of it. */
const FIXTURE = new URL('../../../fixtures/x86/x87.txt', import.meta.url).pathname;
const FIXTURE_CASES = 120;

const startsOf = ({ name, operand }: Tested, count: number) =>
  Array.from({ length: count }, (_, index) => drawStart(name, operand, index));

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * Whether this machine's processor is one of those that are modelled. What the manual leaves open differs between
 * manufacturers: condition codes that are undefined, how far a partial remainder goes, operands of unmasked exceptions.
 */
const isModelled = (): boolean =>
  canRunNatively() && readFileSync('/proc/cpuinfo', 'utf8').includes('AuthenticAMD');

describe('x87', () => {
  it('leaves what a processor left: registers, tags, status, memory, flags', () => {
    const lines = readFileSync(FIXTURE, 'utf8').trim().split('\n');
    const model = new Modelled(INSTRUCTIONS);
    const got = INSTRUCTIONS.map((tested, at) => {
      const ends = startsOf(tested, FIXTURE_CASES).map((start) =>
        endText(model.run(at, start), tested.operand),
      );
      return `${tested.name}\t${ends.map(digestOf).join('')}`;
    });
    expect(got).toEqual(lines);
  });

  it.runIf(isModelled())(
    'leaves what the processor of this machine leaves',
    async () => {
      const count = Math.max(FIXTURE_CASES, runs(FIXTURE_CASES));
      const cases = INSTRUCTIONS.flatMap((tested, at) =>
        startsOf(tested, count).map((start) => ({ ...tested, at, start })),
      );
      const native = runNatively(cases);
      const texts = cases.map(({ operand }, index) => endText(native[index], operand));

      const model = new Modelled(INSTRUCTIONS);
      const differences = cases
        .map(({ name, operand, at, start }, index) => ({
          instruction: name,
          start: stateText(start.state),
          expected: texts[index],
          got: endText(model.run(at, start), operand),
        }))
        .filter(({ expected, got }) => expected !== got);
      expect(differences.slice(0, 10)).toEqual([]);

      const lines = INSTRUCTIONS.map(({ name }, at) => {
        const first = texts.slice(at * count, at * count + FIXTURE_CASES);
        return `${name}\t${first.map(digestOf).join('')}\n`;
      });
      // `-u` writes it.
      await expect(lines.join('')).toMatchFileSnapshot(FIXTURE);
    },
    60_000,
  );
});
