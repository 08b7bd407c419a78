import type { Expression, LiftedInstruction, Statement, Type } from '../../../src/processor/lifted/form.ts';
import { signatureOf } from '../../../src/processor/lifted/numeric.ts';

const LOADED: Readonly<Record<number, Type>> = { 1: 'i32', 2: 'i32', 4: 'i32', 8: 'i64', 16: 'v128' };

/**
 * What is wrong with a lifted instruction, as sentences: types that do not match, names before they are given, statements
 * behind one that ends the instruction, something that may fault behind something that has changed the processor.
 */
export function mistakesOf({ statements }: LiftedInstruction): string[] {
  const mistakes: string[] = [];
  let hasChanged = false;

  const mayFault = (what: string): void => {
    if (hasChanged) mistakes.push(`${what} comes after a change of the processor`);
  };

  const check = (expression: Expression, names: ReadonlyMap<number, Type>): Type => {
    const expect = (operand: Expression, type: Type): void => {
      const given = check(operand, names);
      if (given !== type) mistakes.push(`${expression.op} takes ${type}, not ${given}`);
    };
    switch (expression.op) {
      case 'name': {
        const type = names.get(expression.name);
        if (type === undefined) mistakes.push(`name ${expression.name} is not given before it is used`);
        else if (type !== expression.type) mistakes.push(`name ${expression.name} is of type ${type}`);
        break;
      }
      case 'numeric': {
        const { operands, result, immediate } = signatureOf(expression.operation);
        if (operands.length !== expression.operands.length)
          mistakes.push(`${expression.operation} takes ${operands.length} operands`);
        for (const [at, operand] of expression.operands.entries()) expect(operand, operands[at]);
        if (result !== expression.type) mistakes.push(`${expression.operation} gives ${result}`);
        if ((immediate === undefined) !== (expression.immediate === undefined))
          mistakes.push(`${expression.operation} has an immediate too many or too few`);
        break;
      }
      case 'load':
        expect(expression.address, 'i64');
        if (expression.type !== LOADED[expression.sizeBytes]) mistakes.push('a load of another type');
        mayFault('a load');
        break;
      case 'float':
        for (const operand of expression.operands) check(operand, names);
        mayFault('floating point');
        break;
      case 'call':
        for (const operand of expression.operands) check(operand, names);
        break;
      case 'constant':
      case 'general':
      case 'vector':
      case 'segment base':
      case 'condition':
      case 'flags':
        break;
    }
    return expression.type;
  };

  const walk = (list: readonly Statement[], outer: ReadonlyMap<number, Type>): void => {
    const names = new Map(outer);
    const expect = (expression: Expression, type: Type): void => {
      const given = check(expression, names);
      if (given !== type) mistakes.push(`a statement takes ${type}, not ${given}`);
    };
    for (const [at, statement] of list.entries()) {
      switch (statement.op) {
        case 'let':
          if (names.has(statement.name)) mistakes.push(`name ${statement.name} is given twice`);
          names.set(statement.name, check(statement.value, names));
          break;
        case 'set general':
          expect(statement.value, 'i64');
          hasChanged = true;
          break;
        case 'set vector':
          expect(statement.value, 'v128');
          hasChanged = true;
          break;
        case 'record flags': {
          const type = statement.width === 64 ? 'i64' : 'i32';
          for (const value of [statement.left, statement.right, statement.result]) expect(value, type);
          hasChanged = true;
          break;
        }
        case 'set flags':
          expect(statement.value, 'i32');
          hasChanged = true;
          break;
        case 'store':
          expect(statement.address, 'i64');
          expect(statement.value, LOADED[statement.sizeBytes]);
          mayFault('a store');
          break;
        case 'flush':
          expect(statement.address, 'i64');
          mayFault('a flush');
          break;
        case 'if':
          expect(statement.condition, 'i32');
          walk(statement.body, names);
          break;
        case 'jump':
          expect(statement.target, 'i64');
          if (at !== list.length - 1) mistakes.push('something stands behind a jump');
          break;
        case 'trap':
          mayFault('a trap');
          if (at !== list.length - 1) mistakes.push('something stands behind a trap');
          break;
        case 'leave':
          mayFault('to leave');
          if (at !== list.length - 1) mistakes.push('something stands behind what leaves');
          break;
        case 'perform':
          for (const operand of statement.operands) check(operand, names);
          if (statement.touchesMemory) mayFault('a helper that touches memory');
          break;
        case 'fence':
          break;
      }
    }
  };

  walk(statements, new Map());
  return mistakes;
}
