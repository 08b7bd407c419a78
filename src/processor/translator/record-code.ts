import { LAYOUT, OPERATION_BYTES, OPERATIONS_MAX } from '../layout.ts';
import type { OperationKind } from '../operations.ts';
import { OPERATION_KINDS } from '../operations.ts';
import { type Callee, Code } from './encoder.ts';

/** A record in the making: each of these leaves an i32, `data` an i64. */
export interface RecordParts {
  readonly address: () => void;
  readonly kindAndSize: () => void;
  readonly instruction: () => void;
  readonly position: () => void;
  readonly data: () => void;
}

/** Kind and size of a record as they lie in it. */
export const kindAndSize = (kind: OperationKind, sizeBytes: number): number =>
  OPERATION_KINDS.indexOf(kind) | (sizeBytes << 8);

/** Code that appends records to those of the processor; `makeRoom`: hands over those that are there. */
export function pushRecords(
  code: Code,
  ownAt: number,
  makeRoom: Callee,
  [count, record]: readonly [count: number, record: number],
  records: readonly RecordParts[],
): void {
  const countAt = ownAt + LAYOUT.operationsCount;
  code.constant32(0);
  code.load(4, countAt);
  code.tee(count);
  code.constant32(OPERATIONS_MAX - records.length);
  code.numeric('i32.gt_u');
  code.if();
  code.callSlot(makeRoom);
  code.constant32(0);
  code.load(4, countAt);
  code.set(count);
  code.end();
  code.get(count);
  code.constant32(OPERATION_BYTES);
  code.numeric('i32.mul');
  code.set(record);
  for (const [place, parts] of records.entries()) {
    const at = ownAt + LAYOUT.operations + OPERATION_BYTES * place;
    for (const [word, part] of [
      parts.address,
      parts.kindAndSize,
      parts.instruction,
      parts.position,
    ].entries()) {
      code.get(record);
      part();
      code.store(4, at + 4 * word);
    }
    code.get(record);
    parts.data();
    code.store(8, at + 16);
  }
  code.constant32(0);
  code.get(count);
  code.constant32(records.length);
  code.numeric('i32.add');
  code.store(4, countAt);
}

/** The function that appends one record. */
export const RECORDER = {
  /** Address, kind and size, instruction, position; data. */
  type: { parameters: ['i32', 'i32', 'i32', 'i32', 'i64'], results: [] },
  locals: ['i32', 'i32'],
} as const;

/** Its body. */
export function recorderCode(ownAt: number, makeRoom: Callee): Code {
  const code = new Code();
  const parameter = (place: number) => () => code.get(place);
  const record = {
    address: parameter(0),
    kindAndSize: parameter(1),
    instruction: parameter(2),
    position: parameter(3),
    data: parameter(4),
  };
  pushRecords(code, ownAt, makeRoom, [5, 6], [record]);
  return code;
}
