import type { FlagOperation, Width } from '../lifted/form.ts';
import { pendingCode } from '../processor.ts';
import { ARITHMETIC_FLAGS } from '../registers.ts';
import { Code } from './encoder.ts';
import { FlagFormulas } from './flag-formulas.ts';

const OPERATIONS: readonly FlagOperation[] = [
  'add',
  'adc',
  'sub',
  'sbb',
  'logic',
  'inc',
  'dec',
  'shl',
  'shr',
  'sar',
  'mul',
];
const WIDTHS: readonly Width[] = [8, 16, 32, 64];

/**
 * Body of the function that gives all arithmetic flags of a record, `(pending i32, left i64, right i64, result i64) -> i32`,
 * for places where its operation is not known when code is made.
 */
export function resolverCode(mutant?: string): Code {
  const code = new Code();
  const formulas = new FlagFormulas(code, { left: 1, right: 2, result: 3 }, mutant);
  for (const operation of OPERATIONS) {
    for (const width of WIDTHS) {
      code.get(0);
      code.constant32(pendingCode(operation, width));
      code.numeric('i32.eq');
      code.if();
      formulas.bits({ operation, width }, ARITHMETIC_FLAGS);
      code.return();
      code.end();
    }
  }
  code.constant32(0);
  return code;
}
