import { flagsOf } from '../flags.ts';
import type { Statement, Trap } from '../lifted/form.ts';
import { evaluation, evaluationOf, helperCall } from './expressions.ts';
import type { Frame } from './frame.ts';
import { bitsOf } from './values.ts';

/** How an instruction ends before the last of its statements. */
export type Ending =
  | { readonly why: 'jumped' }
  | { readonly why: 'left'; readonly to: 'syscall' | 'cpuid' | 'rdtsc' }
  | { readonly why: 'trapped'; readonly trap: Trap };

/** A statement, made ready once. Gives nothing where the next one follows. */
export type Execute = (frame: Frame) => Ending | undefined;

const JUMPED: Ending = { why: 'jumped' };

/** Makes a list of statements ready. */
export function executionOf(statements: readonly Statement[]): Execute {
  const steps = statements.map(execution);
  return (frame) => {
    // Faster than an iterator, and all that is executed comes through here.
    for (let at = 0; at < steps.length; at++) {
      const ending = steps[at](frame);
      if (ending !== undefined) return ending;
    }
    return undefined;
  };
}

function execution(statement: Statement): Execute {
  switch (statement.op) {
    case 'let': {
      const { name } = statement;
      const value = evaluation(statement.value);
      return (frame) => {
        frame.names[name] = value(frame);
        return undefined;
      };
    }
    case 'set general': {
      const { register } = statement;
      const value = evaluationOf('i64', statement.value);
      return (frame) => {
        frame.processor.setGeneral(register, value(frame));
        return undefined;
      };
    }
    case 'set vector': {
      const { register } = statement;
      const value = evaluationOf('v128', statement.value);
      return (frame) => {
        frame.processor.setVector(register, value(frame));
        return undefined;
      };
    }
    case 'record flags':
      return flagsRecorded(statement);
    case 'set flags': {
      const { affects } = statement;
      const value = evaluationOf('i32', statement.value);
      return (frame) => {
        const bits = value(frame);
        setFlags(frame, bits, affects);
        return undefined;
      };
    }
    case 'store': {
      const { sizeBytes, nonTemporal } = statement;
      const address = evaluationOf('i64', statement.address);
      const value = evaluation(statement.value);
      return (frame) => {
        const at = address(frame);
        frame.processor.store(at, sizeBytes, bitsOf(value(frame)), nonTemporal);
        return undefined;
      };
    }
    case 'flush': {
      const { instruction } = statement;
      const address = evaluationOf('i64', statement.address);
      return (frame) => {
        frame.processor.flush(instruction, address(frame));
        return undefined;
      };
    }
    case 'fence': {
      const { instruction } = statement;
      if (instruction === 'lfence') return () => undefined; // orders loads, which are in order
      return ({ processor }) => {
        processor.fence(instruction);
        return undefined;
      };
    }
    case 'if': {
      const condition = evaluationOf('i32', statement.condition);
      const body = executionOf(statement.body);
      return (frame) => (condition(frame) === 0 ? undefined : body(frame));
    }
    case 'jump': {
      const target = evaluationOf('i64', statement.target);
      return (frame) => {
        frame.next = Number(target(frame));
        return JUMPED;
      };
    }
    case 'trap': {
      const ending: Ending = { why: 'trapped', trap: statement.trap };
      return () => ending;
    }
    case 'perform': {
      const call = helperCall(statement.helper, statement.operands);
      return (frame) => {
        call(frame);
        return undefined;
      };
    }
    case 'leave': {
      const ending: Ending = { why: 'left', to: statement.to };
      return () => ending;
    }
  }
}

function setFlags({ processor }: Frame, bits: number, affects: number): void {
  processor.flags = (processor.flags & ~affects) | (bits & affects);
}

/** Computes the flags at once, where translated code keeps the record until somebody asks (sheet S10). */
function flagsRecorded({
  operation,
  width,
  affects,
  ...values
}: Statement & { op: 'record flags' }): Execute {
  const left = evaluation(values.left);
  const right = evaluation(values.right);
  const result = evaluation(values.result);
  return (frame) => {
    const record = {
      operation,
      width,
      left: bitsOf(left(frame)),
      right: bitsOf(right(frame)),
      result: bitsOf(result(frame)),
    };
    setFlags(frame, flagsOf(record), affects);
    return undefined;
  };
}
