import {
  CONDITIONS,
  type Condition,
  type Expression,
  type LiftedInstruction,
  type Statement,
} from '../lifted/form.ts';
import { ARITHMETIC_FLAGS, CF, OF, PF, SF, ZF } from '../registers.ts';

/** By the even places of `CONDITIONS`; odd ones are the negations. */
const FLAGS_OF = [OF, CF, ZF, CF | ZF, SF, PF, SF | OF, ZF | SF | OF];

/** Flags that a condition is made of. */
export const flagsOfCondition = (condition: Condition): number =>
  FLAGS_OF[CONDITIONS.indexOf(condition) >> 1];

/**
 * For each instruction of a straight line the arithmetic flags that somebody may ask for behind it: at the end of the line,
 * and wherever an instruction may be left to the interpreter, all of them.
 */
export function liveFlags(instructions: readonly LiftedInstruction[]): number[] {
  let live = ARITHMETIC_FLAGS;
  const after: number[] = [];
  for (let place = instructions.length - 1; place >= 0; place--) {
    after[place] = live;
    live = liveBefore(instructions[place], live);
  }
  return after;
}

function liveBefore({ statements }: LiftedInstruction, liveAfter: number): number {
  let live = liveAfter;
  for (const statement of [...statements].reverse()) {
    if (statement.op === 'record flags' || statement.op === 'set flags') live &= ~statement.affects;
    live |= usedBy(statement);
  }
  return live;
}

function usedBy(statement: Statement): number {
  switch (statement.op) {
    case 'let':
    case 'set general':
    case 'set vector':
    case 'set flags':
      return usedIn(statement.value);
    case 'record flags':
      // One that leaves flags alone saves them when they are live, which is known behind it.
      return usedIn(statement.left) | usedIn(statement.right) | usedIn(statement.result);
    case 'if':
      return usedIn(statement.condition) | statement.body.reduce((used, one) => used | usedBy(one), 0);
    case 'fence':
      return 0;
    default:
      return ARITHMETIC_FLAGS;
  }
}

function usedIn(expression: Expression): number {
  switch (expression.op) {
    case 'condition':
      return flagsOfCondition(expression.condition);
    case 'flags':
    case 'load':
    case 'float':
      return ARITHMETIC_FLAGS;
    case 'numeric':
    case 'call':
      return expression.operands.reduce((used, one) => used | usedIn(one), 0);
    default:
      return 0;
  }
}
