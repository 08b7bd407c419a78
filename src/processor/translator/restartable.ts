import type { Expression, LiftedInstruction, Statement } from '../lifted/form.ts';

/**
 * Whether translated code may give an instruction up at any access to memory and leave all of it to the interpreter: nothing
 * that can be seen comes before an access.
 */
export function isRestartable({ statements }: LiftedInstruction): boolean {
  return walk(statements, { isChanged: false, isStored: false, isProbed: false });
}

interface Walk {
  /** Something other than memory has changed. */
  isChanged: boolean;
  isStored: boolean;
  /** Stores that reach into another page are left to the interpreter before any of them is done. */
  isProbed: boolean;
}

function walk(statements: readonly Statement[], state: Walk): boolean {
  for (const [place, statement] of statements.entries()) {
    // The store of a locked instruction takes its fence back when it is given up.
    if (isLocked(statement) && isPlainStore(statements[place + 1])) continue;
    const isOneMore = statement.op === 'store' && state.isProbed;
    if ((state.isChanged || (state.isStored && !isOneMore)) && mayGiveUp(statement)) return false;
    if (statement.op === 'if' && !walk(statement.body, state)) return false;
    if (isProbe(statement)) state.isProbed = true;
    if (statement.op === 'store') state.isStored = true;
    else if (changes(statement)) state.isChanged = true;
  }
  return true;
}

const isLocked = (statement: Statement): boolean =>
  statement.op === 'fence' && statement.instruction === 'locked';

/** Leaves the instruction to the interpreter where it stores into two pages. */
const isProbe = (statement: Statement): boolean =>
  statement.op === 'if' && statement.body.some((one) => one.op === 'perform' && one.touchesMemory);

const isPlainStore = (statement: Statement | undefined): boolean =>
  statement?.op === 'store' && !loads(statement.address) && !loads(statement.value);

/** By itself, without the body of an `if`. */
function mayGiveUp(statement: Statement): boolean {
  switch (statement.op) {
    case 'store':
    case 'flush':
    case 'trap':
    case 'leave':
      return true;
    case 'let':
    case 'set general':
    case 'set vector':
    case 'set flags':
      return loads(statement.value);
    case 'if':
      return loads(statement.condition);
    case 'record flags':
      return loads(statement.left) || loads(statement.right) || loads(statement.result);
    case 'jump':
      return loads(statement.target);
    case 'perform':
      return statement.touchesMemory || statement.operands.some(loads);
    case 'fence':
      return false;
  }
}

function changes(statement: Statement): boolean {
  switch (statement.op) {
    case 'let':
    case 'if':
    case 'jump':
    case 'trap':
    case 'leave':
      return false;
    case 'fence':
      return statement.instruction !== 'lfence';
    case 'perform':
      return !statement.touchesMemory;
    default:
      return true;
  }
}

function loads(expression: Expression): boolean {
  switch (expression.op) {
    case 'load':
    case 'float': // which may raise an exception
      return true;
    case 'numeric':
    case 'call':
      return expression.operands.some(loads);
    default:
      return false;
  }
}
