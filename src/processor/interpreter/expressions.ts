import { holds } from '../flags.ts';
import { helpers } from '../helpers/table.ts';
import type { Expression, Type } from '../lifted/form.ts';
import { GENERAL_REGISTERS } from '../registers.ts';
import { floatEvaluation } from './float.ts';
import type { Evaluate, Frame } from './frame.ts';
import { numericOperations } from './numeric.ts';
import { fromHelper, ofBits, toHelper, type Value } from './values.ts';

/** Makes an expression ready that must be of this type. */
export function evaluationOf<T extends Type>(type: T, expression: Expression): Evaluate<T> {
  if (expression.type !== type)
    throw new TypeError(`lifted code has an ${expression.type} (${expression.op}) where it needs an ${type}`);
  return evaluation(expression) as Evaluate<T>;
}

const GENERAL = GENERAL_REGISTERS.map(
  (_, register): Evaluate =>
    ({ processor }) =>
      processor.general(register),
);

/** Makes an expression ready. */
export function evaluation(expression: Expression): Evaluate {
  switch (expression.op) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'general':
      return GENERAL[expression.register];
    case 'vector': {
      const { register } = expression;
      return ({ processor }) => processor.vector(register);
    }
    case 'segment base': {
      const { segment } = expression;
      return ({ processor }) => processor.segmentBase(segment);
    }
    case 'name': {
      const { name } = expression;
      return ({ names }) => names[name];
    }
    case 'numeric':
      return numericEvaluation(expression);
    case 'load': {
      const { type, sizeBytes } = expression;
      const address = evaluationOf('i64', expression.address);
      return (frame) => ofBits(type, frame.processor.load(address(frame), sizeBytes));
    }
    case 'condition': {
      const { condition } = expression;
      return ({ processor }) => (holds(condition, processor.flags) ? 1 : 0);
    }
    case 'flags':
      return ({ processor }) => processor.flags;
    case 'float':
      return floatEvaluation(expression, expression.operands.map(evaluation));
    case 'call': {
      const { type } = expression;
      const call = helperCall(expression.helper, expression.operands);
      return (frame) => fromHelper(type, call(frame));
    }
  }
}

/** Makes the call of a helper ready: gives what it gives. */
export function helperCall(
  name: string,
  operands: readonly Expression[],
): (frame: Frame) => Value | undefined {
  const helper = helpers[name];
  if (helper === undefined) throw new TypeError(`lifted code calls ${name}, and there is no such helper`);
  const evaluations = operands.map(evaluation);
  const types = operands.map(({ type }) => type);
  return (frame) => {
    const values = evaluations.map((evaluate, place) => toHelper(types[place], evaluate(frame)));
    return helper(frame.processor, ...(values as never[]));
  };
}

function numericEvaluation({ operation, operands, immediate }: Expression & { op: 'numeric' }): Evaluate {
  // The table's types tie operands to operations, which are known only by name here; `numeric` of the builder has checked them.
  const compute = numericOperations[operation] as (...values: readonly unknown[]) => Value;
  const left = evaluation(operands[0]);
  if (operands.length === 1) return (frame) => compute(left(frame), immediate);
  const right = evaluation(operands[1]);
  return (frame) => compute(left(frame), right(frame), immediate);
}
