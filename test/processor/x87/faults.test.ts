import { describe, expect, it } from 'vitest';
import { PAGE_BYTES } from '../../../src/processor/memory.ts';
import { drawStart } from './draw-start.ts';
import { INSTRUCTIONS, type OperandFormat, type Tested } from './instructions.ts';
import { type Start, stateText } from './machine-state.ts';
import { DATA_AT, Modelled } from './run-modelled.ts';

const SIZES: Readonly<Record<OperandFormat, number>> = {
  none: 0,
  m16int: 2,
  m32fp: 4,
  m32int: 4,
  m64fp: 8,
  m64int: 8,
  m80fp: 10,
  m80bcd: 10,
  environment: 28,
  state: 108,
};

/** A start in which all exceptions are masked, so that a store is not kept back. */
function masked(start: Start): Start {
  start.state[0] |= 0x3f;
  return start;
}

/** A start in which an invalid operation was raised that is not masked. */
function pending(start: Start): Start {
  start.state[0] &= ~1;
  start.state[4] |= 0x81;
  start.state[5] |= 0x80;
  return start;
}

const model = new Modelled(INSTRUCTIONS);
const all = INSTRUCTIONS.map((tested, at): [string, Tested, number] => [tested.name, tested, at]);
const withOperand = all.filter(([, { operand }]) => operand !== 'none');

/** Control, status and registers; the tags follow from what is empty. */
const words = (state: Uint8Array): string => stateText(state).replace(/tags \S+ /, '');

describe('x87 instructions that cannot be done', () => {
  it.each(withOperand)(
    '%s changes nothing where its operand reaches into a page that is not there',
    (_, { name, operand }, at) => {
      const end = DATA_AT + PAGE_BYTES;
      for (const inside of new Set([SIZES[operand] - 1, SIZES[operand] >> 1, 1])) {
        const operandAt = end - inside;
        const start = masked(drawStart(name, operand, inside));

        const stop = model.attempt(at, start, operandAt);

        expect(stop).toMatchObject({ why: 'faulted', fault: { address: BigInt(end), isMapped: false } });
        const { memory, state } = model.end(operandAt);
        expect(Buffer.from(memory)).toEqual(Buffer.from(start.memory));
        expect(words(state)).toEqual(words(start.state));
      }
    },
  );

  it.each(all)(
    '%s reports an exception that is pending, unless its name begins with fn',
    (_, { name, operand }, at) => {
      const start = pending(drawStart(name, operand, 0));

      const stop = model.attempt(at, start, DATA_AT);

      if (name.startsWith('fn') && name !== 'fnop') {
        expect(stop).toEqual({ why: 'reached' });
      } else {
        expect(stop).toEqual({ why: 'trapped', trap: 'floating point' });
        expect(Buffer.from(model.end(DATA_AT).memory)).toEqual(Buffer.from(start.memory));
        expect(words(model.end(DATA_AT).state)).toEqual(words(start.state));
      }
    },
  );
});
