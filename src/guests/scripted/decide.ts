import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import {
  controllerOfLine,
  dirtyLines,
  fullQueue,
  queueIsFull,
} from '../../hardware/persistent-memory/lines.ts';
import { acceptances, drains } from '../../hardware/persistent-memory/operations.ts';
import { cut } from '../../hardware/persistent-memory/pieces.ts';
import { type Buffered, type MemoryState, nvdimmAddress } from '../../hardware/persistent-memory/state.ts';
import { Draws } from '../../kernel/draw.ts';
import type { ScriptedInstruction, ScriptedProgram } from './instructions.ts';
import { NOTHING_UNASKED, type SpontaneousChances, unaskedAct } from './unasked.ts';

/**
 * The next event of a machine that runs a program, from its state alone; undefined when the program is done. The number of
 * instructions that a core has retired is its program counter, and the rest of its work lies in its store buffer, its fence
 * and its flush hint. Which core moves, and whether it takes its next instruction or drains its store buffer, is drawn from
 * the seed at the index of the event: every index is a place to stop, fork and go on.
 *
 * The program must have passed `checkProgram`, and `checkMachine` for this machine.
 */
export function decide(
  state: MemoryState,
  program: ScriptedProgram,
  seed: bigint,
  chances: SpontaneousChances = NOTHING_UNASKED,
): MemoryEvent | undefined {
  if (!state.powered) return undefined;
  const { file, base, sizeBytes } = program;
  if (state.files.length === 0) return { kind: 'file.mapped', file, base, sizeBytes, fileOffset: 0 };
  const moves: (() => MemoryEvent)[][] = [];
  for (let core = 0; core < program.cores.length; core++) {
    const ofCore = movesOf(state, program, core);
    if (ofCore.length > 0) moves.push(ofCore);
  }
  if (moves.length === 0) return undefined;
  const unasked = unaskedAct(state, seed, chances);
  if (unasked !== undefined) return unasked;
  const draws = new Draws(seed, 'scripted', state.eventCount);
  const ofCore = moves[moves.length === 1 ? 0 : draws.below(moves.length)];
  return ofCore[ofCore.length === 1 ? 0 : draws.below(ofCore.length)]();
}

/** What a core can do next: drain its store buffer, go on with what it waits for, or take its next instruction. */
function movesOf(state: MemoryState, program: ScriptedProgram, core: number): (() => MemoryEvent)[] {
  const { buffer, fence, hint, retired } = state.cores[core];
  const moves: (() => MemoryEvent)[] = [];
  if (buffer.length > 0) moves.push(() => drained(state, core, buffer[0]));
  else if (fence !== null) moves.push(() => waited(state, core, fence));
  else if (hint !== null)
    moves.push(() => drains(state, hint)[0] ?? { kind: 'hint.done', core, controller: hint });
  if (fence !== null || hint !== null) return moves;
  const instruction = program.cores[core][retired];
  if (instruction === undefined || !canIssue(state, core, instruction)) return moves;
  moves.push(() => issued(state, core, instruction));
  return moves;
}

function canIssue(state: MemoryState, core: number, instruction: ScriptedInstruction): boolean {
  const { buffer } = state.cores[core];
  switch (instruction.kind) {
    case 'sfence':
    case 'mfence':
    case 'locked':
    case 'marker':
      return true;
    case 'hint':
      return buffer.length === 0 && state.hintAt[instruction.controller] === 0;
    default:
      return buffer.length < state.configuration.storeBufferEntries;
  }
}

function issued(state: MemoryState, core: number, instruction: ScriptedInstruction): MemoryEvent {
  switch (instruction.kind) {
    case 'store':
    case 'ntstore':
    case 'locked': {
      if (instruction.kind === 'locked' && !state.cores[core].locked) {
        return { kind: 'fence.issued', core, instruction: 'locked' };
      }
      const { data, source = `core ${core}, instruction ${state.cores[core].retired}` } = instruction;
      const store = { core, address: placed(state, instruction.address), data, source };
      if (instruction.kind === 'locked') return { kind: 'store.visible', ...store };
      return {
        kind: 'store.buffered',
        ...store,
        ...(instruction.kind === 'ntstore' && { nonTemporal: true }),
      };
    }
    case 'clwb':
    case 'clflushopt':
    case 'clflush': {
      const { lineBytes } = state.configuration;
      const address = placed(state, instruction.address);
      const line = address - (address % lineBytes);
      return {
        kind: 'flush.buffered',
        core,
        address: line,
        sizeBytes: lineBytes,
        instruction: instruction.kind,
      };
    }
    case 'sfence':
    case 'mfence':
      return { kind: 'fence.issued', core, instruction: instruction.kind };
    case 'hint':
      return { kind: 'hint.written', core, controller: instruction.controller };
    case 'marker':
      return { kind: 'marker.passed', core, name: instruction.name };
  }
}

/** The head of the store buffer takes effect: of a store, its next piece. CLFLUSH waits for room in the queue. */
function drained(state: MemoryState, core: number, head: Buffered): MemoryEvent {
  if (head.type === 'flush') {
    const { address, sizeBytes, instruction } = head;
    if (instruction === 'clflush') {
      const full = fullQueue(state, dirtyLines(state, address, sizeBytes));
      if (full !== undefined) return roomMade(state, full);
    }
    return { kind: 'line.flushed', core, address, sizeBytes, instruction };
  }
  const piece = cut(head.address, head.data)[0];
  return {
    kind: 'store.visible',
    core,
    ...piece,
    ...(head.nonTemporal && { nonTemporal: true }),
    ...(piece.data.length < head.data.length && { more: true }),
    ...(head.source !== undefined && { source: head.source }),
  };
}

/** The next thing that a fence waits for; where a queue has no room for it, a line of that queue drains first. */
function waited(state: MemoryState, core: number, instruction: 'sfence' | 'mfence' | 'locked'): MemoryEvent {
  const accepted = acceptances(state, core)[0];
  if (accepted?.kind !== 'wpq.accepted') return { kind: 'fence.retired', core, instruction };
  const number = accepted.address / state.configuration.lineBytes;
  return queueIsFull(state, number) ? roomMade(state, controllerOfLine(state, number)) : accepted;
}

/** The first line that the queue of a controller holds drains. */
function roomMade(state: MemoryState, controller: number): MemoryEvent {
  for (const [number] of state.queued.entries()) {
    if (controllerOfLine(state, number) !== controller) continue;
    return { kind: 'wpq.drained', address: number * state.configuration.lineBytes };
  }
  throw new RangeError(`the queue of controller ${controller} is full and holds nothing`);
}

function placed(state: MemoryState, virtual: bigint): number {
  const address = nvdimmAddress(state, virtual);
  if (address === undefined)
    throw new RangeError(`0x${virtual.toString(16)} is not mapped: was the program checked?`);
  return address;
}
