import { helpers } from '../helpers/table.ts';
import type { Expression, LiftedInstruction, Statement } from '../lifted/form.ts';
import { isRestartable } from './restartable.ts';

const known = new WeakMap<LiftedInstruction, boolean>();

/** Whether an instruction is made into code; else the interpreter executes it. */
export function isTranslatable(lifted: LiftedInstruction): boolean {
  const before = known.get(lifted);
  if (before !== undefined) return before;
  const answer = isRestartable(lifted) && lifted.statements.every(isTranslatableStatement);
  known.set(lifted, answer);
  return answer;
}

function isTranslatableStatement(statement: Statement): boolean {
  switch (statement.op) {
    case 'leave':
      return false;
    case 'perform':
      // One that touches memory is left to the interpreter when it comes to it.
      return statement.touchesMemory || statement.operands.every(isScalar);
    case 'if':
      return isPlain(statement.condition) && statement.body.every(isTranslatableStatement);
    case 'let':
    case 'set general':
    case 'set vector':
    case 'set flags':
      return isPlain(statement.value);
    case 'record flags':
      return isPlain(statement.left) && isPlain(statement.right) && isPlain(statement.result);
    case 'store':
      return isPlain(statement.address) && isPlain(statement.value);
    case 'flush':
      return isPlain(statement.address);
    case 'jump':
      return isPlain(statement.target);
    case 'fence':
    case 'trap':
      return true;
  }
}

/** Vectors cannot be handed to JavaScript. */
const isScalar = (operand: Expression): boolean => operand.type !== 'v128' && isPlain(operand);

function isPlain(expression: Expression): boolean {
  switch (expression.op) {
    case 'numeric':
    case 'float':
      return expression.operands.every(isPlain);
    case 'load':
      return isPlain(expression.address);
    case 'call':
      return (
        expression.helper in helpers && expression.type !== 'v128' && expression.operands.every(isScalar)
      );
    default:
      return true;
  }
}
