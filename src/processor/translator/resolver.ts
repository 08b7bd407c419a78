import { FLAG_OPERATIONS, WIDTHS } from '../lifted/form.ts';
import { pendingCode } from '../processor.ts';
import { Code } from './encoder.ts';
import { FlagFormulas } from './flag-formulas.ts';

const RECORDS = FLAG_OPERATIONS.flatMap((operation) => WIDTHS.map((width) => ({ operation, width })));

/**
 * Body of the function that gives some arithmetic flags of a record, `(pending i32, left i64, right i64, result i64) -> i32`,
 * for places where its operation is not known when code is made.
 */
export function resolverCode(flags: number, mutant?: string): Code {
  const code = new Code();
  const formulas = new FlagFormulas(code, { left: 1, right: 2, result: 3 }, mutant);
  // One block for each record that there can be, and one for all else.
  for (let open = 0; open <= RECORDS.length; open++) code.block();
  const labels = [code.depth - RECORDS.length];
  for (const { operation, width } of RECORDS)
    labels[pendingCode(operation, width)] = code.depth - pendingCode(operation, width) + 1;
  code.get(0);
  code.branchTable([...labels, labels[0]]);
  for (const record of RECORDS) {
    code.end();
    formulas.bits(record, flags);
    code.return();
  }
  code.end();
  code.constant32(0);
  return code;
}
