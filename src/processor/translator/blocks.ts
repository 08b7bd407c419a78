import type { Lifter } from '../engine.ts';
import type { Expression, LiftedInstruction, Statement } from '../lifted/form.ts';
import { GuestFault } from '../memory.ts';
import { isTranslatable } from './translatable.ts';

/** Instructions that are executed one after the other, entered at the first only. */
export interface Block {
  readonly instructions: readonly LiftedInstruction[];
  /** Whether the last one is for the interpreter. */
  readonly isLeft: boolean;
  /** Behind the last instruction. */
  readonly end: number;
  /** Blocks of the region, by number, that it goes on to. */
  readonly targets: readonly number[];
}

/** What code is translated as one function: block 0 is where it is entered. */
export interface Region {
  readonly blocks: readonly Block[];
  readonly numberOf: ReadonlyMap<number, number>;
}

/** Limits of a region. Blocks farther than this from the entry are not in it. */
const INSTRUCTIONS_MAX = 600;
const DISTANCE_BYTES_MAX = 1 << 16;

/** How control leaves an instruction. */
interface Flow {
  readonly targets: readonly number[];
  /** Where it calls a function, if the code has its address. */
  readonly call: number | undefined;
  readonly fallsThrough: boolean;
}

interface Found {
  readonly lifted: LiftedInstruction;
  readonly flow: Flow;
  readonly isLeft: boolean;
}

/** What is known of a place in code. */
export interface PlacesKnown {
  /** Whether control came to it. */
  isExecuted(address: number): boolean;
  /** Whether a region begins there. */
  isEntry(address: number): boolean;
}

/**
 * Finds the region that begins at an address: what direct jumps reach from it. Only jumps to places that were executed
 * before are followed, so that what a program never does costs nothing. A region ends where another begins, and at calls, so
 * that no code is translated many times.
 */
export function findRegion(lift: Lifter, entry: number, known: PlacesKnown): Region | undefined {
  const found = new Map<number, Found>();
  const leaders = new Set<number>();
  const open = [entry];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    leaders.add(next);
    const isFar = Math.abs(next - entry) > DISTANCE_BYTES_MAX;
    const isWanted = next === entry || (known.isExecuted(next) && !known.isEntry(next));
    if (isFar || !isWanted || found.has(next) || found.size >= INSTRUCTIONS_MAX) continue;
    walk(lift, next, found, open, leaders, known);
  }
  if (!found.has(entry)) return undefined;
  return regionOf(entry, found, leaders);
}

function walk(
  lift: Lifter,
  start: number,
  found: Map<number, Found>,
  open: number[],
  leaders: Set<number>,
  known: PlacesKnown,
): void {
  for (let address = start; found.size < INSTRUCTIONS_MAX; ) {
    if (found.has(address)) {
      leaders.add(address);
      return;
    }
    if (address !== start && known.isEntry(address)) return;
    const lifted = lifting(lift, address);
    if (lifted === undefined) return;
    const flow = flowOf(lifted);
    const isLeft = !isTranslatable(lifted);
    found.set(address, { lifted, flow, isLeft });
    if (isLeft) return;
    const end = address + lifted.lengthBytes;
    open.push(...flow.targets);
    for (const target of flow.targets) leaders.add(target);
    if (!flow.fallsThrough) return;
    if (flow.targets.length > 0) {
      open.push(end);
      return;
    }
    address = end;
  }
}

function lifting(lift: Lifter, address: number): LiftedInstruction | undefined {
  try {
    return lift(address);
  } catch (error) {
    if (error instanceof GuestFault) return undefined;
    throw error;
  }
}

const LINE_INSTRUCTIONS_MAX = 64;

/** Instructions up to the next that may jump, or that is for the interpreter. */
export interface StraightLine {
  readonly instructions: number;
  /** Behind the last one. */
  readonly end: number;
  /** Whether the code says where it goes on: it does not with calls, returns and computed jumps. */
  readonly isDirect: boolean;
}

/** Nothing where there is no code. */
export function straightLine(lift: Lifter, address: number): StraightLine | undefined {
  let instructions = 0;
  let end = address;
  let isDirect = true;
  while (instructions < LINE_INSTRUCTIONS_MAX) {
    const lifted = lifting(lift, end);
    if (lifted === undefined) break;
    instructions++;
    end += lifted.lengthBytes;
    const { targets, fallsThrough } = flowOf(lifted);
    isDirect = targets.length > 0 || fallsThrough;
    if (targets.length > 0 || !fallsThrough) break;
  }
  return instructions === 0 ? undefined : { instructions, end, isDirect };
}

function regionOf(entry: number, found: ReadonlyMap<number, Found>, leaders: ReadonlySet<number>): Region {
  const starts = [entry, ...[...leaders].filter((start) => start !== entry && found.has(start))];
  const numberOf = new Map(starts.map((start, number) => [start, number]));
  const chains = starts.map((start) => chainFrom(start, found, numberOf));
  const blocks = chains.map((chain): Block => {
    const last = chain[chain.length - 1];
    const end = last.lifted.address + last.lifted.lengthBytes;
    const targets = last.isLeft ? [] : [...last.flow.targets];
    // A function that calls itself goes on in its region.
    if (!last.isLeft && last.flow.call !== undefined) targets.push(last.flow.call);
    if (!last.isLeft && last.flow.fallsThrough) targets.push(end);
    return {
      instructions: chain.map(({ lifted }) => lifted),
      isLeft: last.isLeft,
      end,
      targets: numbers(targets, numberOf),
    };
  });
  return { blocks, numberOf };
}

function chainFrom(
  start: number,
  found: ReadonlyMap<number, Found>,
  numberOf: ReadonlyMap<number, number>,
): Found[] {
  const chain: Found[] = [];
  for (let address = start; ; ) {
    const one = found.get(address);
    if (one === undefined || (address !== start && numberOf.has(address))) return chain;
    chain.push(one);
    if (one.isLeft || one.flow.targets.length > 0 || !one.flow.fallsThrough) return chain;
    address += one.lifted.lengthBytes;
  }
}

function numbers(addresses: readonly number[], numberOf: ReadonlyMap<number, number>): number[] {
  const all: number[] = [];
  for (const address of addresses) {
    const number = numberOf.get(address);
    if (number !== undefined && !all.includes(number)) all.push(number);
  }
  return all;
}

function flowOf({ statements }: LiftedInstruction): Flow {
  const targets: number[] = [];
  let call: number | undefined;
  const visit = (list: readonly Statement[]): void => {
    for (const statement of list) {
      if (statement.op === 'if') visit(statement.body);
      if (statement.op !== 'jump') continue;
      const target = addressOf(statement.target);
      if (target === undefined) continue;
      if (statement.how === 'call') call = target;
      else targets.push(target);
    }
  };
  visit(statements);
  const last = statements.at(-1)?.op;
  const fallsThrough = last !== 'jump' && last !== 'trap' && last !== 'leave';
  return { targets, call, fallsThrough };
}

/** The address that an expression is, where that is known. */
export function addressOf(expression: Expression): number | undefined {
  return expression.op === 'constant' && expression.type === 'i64' ? Number(expression.value) : undefined;
}
