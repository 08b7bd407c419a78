import { IllegalEvent } from '../../kernel/errors.ts';
import { ATOM_BYTES, FILE_SPACE_BYTES } from './configuration.ts';
import type { MemoryEvent, MemoryEventOf } from './events.ts';
import { mapFile } from './files.ts';
import {
  acceptAtom,
  acceptFlushed,
  acceptWhole,
  awaitsAcceptance,
  controllerOfLine,
  dirtyLines,
  drain,
  fullQueue,
  lineOf,
  linesAwaited,
  makeVisible,
  markFlushed,
  queueIsFull,
  tear,
} from './lines.ts';
import { cut } from './pieces.ts';
import { type Core, type MemoryState, mediaOf } from './state.ts';

/** Folds one event into the machine. Throws `IllegalEvent`, with nothing changed, for one that cannot happen now. */
export function evolveMemory(state: MemoryState, event: MemoryEvent): void {
  if (!state.powered) refuse(event, 'the power is off');
  if (state.torn && event.kind !== 'power.lost' && event.kind !== 'wpq.torn') {
    refuse(event, 'after a torn media write only the loss of power can follow');
  }
  switch (event.kind) {
    case 'store.visible':
      storeVisible(state, event);
      break;
    case 'line.flushed':
      lineFlushed(state, event);
      break;
    case 'wpq.accepted':
      queueAccepted(state, event);
      break;
    case 'fence.issued': {
      const core = runningCore(state, event);
      core.locked = false;
      core.fence = event.instruction;
      break;
    }
    case 'fence.retired':
      fenceRetired(state, event);
      break;
    case 'store.buffered':
    case 'flush.buffered':
      buffered(state, event);
      break;
    case 'line.evicted':
      lineEvicted(state, event);
      break;
    case 'combining.written':
      combiningWritten(state, event);
      break;
    case 'hint.written':
      hintWritten(state, event);
      break;
    case 'hint.done':
      hintDone(state, event);
      break;
    case 'wpq.drained':
      drain(state, queuedLine(state, event));
      break;
    case 'wpq.torn':
      queueTorn(state, event);
      break;
    case 'marker.passed': {
      const core = runningCore(state, event);
      core.locked = false;
      core.retired++;
      state.outside.toggleText(`marker ${state.markerCount++}`, event.name);
      break;
    }
    case 'file.mapped':
      mapFile(state, event);
      break;
    case 'file.loaded':
      fileLoaded(state, event);
      break;
    case 'power.lost':
      powerLost(state);
      break;
    case 'memory.stored':
    case 'memory.loaded':
    case 'memory.flushed':
    case 'locked.executed':
    case 'clock.read':
    case 'cpuid.executed':
    case 'random.drawn':
    case 'signal.delivered':
    case 'call.done':
    case 'program.ended':
      break; // of the program alone
    default:
      refuse(event, 'no such kind of event');
  }
  state.eventCount++;
}

function refuse(event: { kind: string }, reason: string): never {
  throw new IllegalEvent(event.kind, reason);
}

function coreOf(state: MemoryState, event: { kind: string; core: number }): Core {
  return (
    state.cores[event.core] ?? refuse(event, `there is no core ${event.core}, only ${state.cores.length}`)
  );
}

/** A core that can take its next instruction. */
function runningCore(state: MemoryState, event: { kind: string; core: number }): Core {
  const core = coreOf(state, event);
  if (core.fence !== null) refuse(event, `core ${event.core} waits for its fence`);
  if (core.hint !== null) refuse(event, `core ${event.core} waits for its flush hint`);
  return core;
}

function wholeStore(state: MemoryState, event: { kind: string; address: number; data: string }): void {
  const sizeBytes = event.data.length / 2;
  if (sizeBytes === 0) refuse(event, 'a store has one byte or more');
  const file = state.files[Math.floor(event.address / FILE_SPACE_BYTES)];
  if (file === undefined || (event.address % FILE_SPACE_BYTES) + sizeBytes > file.sizeBytes) {
    refuse(event, `0x${event.address.toString(16)} lies in no mapped file`);
  }
}

function storeVisible(state: MemoryState, event: MemoryEventOf<'store.visible'>): void {
  const core = coreOf(state, event);
  wholeStore(state, event);
  if ((event.address % ATOM_BYTES) + event.data.length / 2 > ATOM_BYTES) {
    refuse(event, 'a piece lies within one atom of 8 bytes');
  }
  const head = core.buffer[0];
  if (head === undefined) {
    if (core.fence !== null || core.hint !== null) refuse(event, `core ${event.core} waits`);
    if (!event.more) {
      core.locked = false;
      core.retired++;
    }
  } else {
    if (head.type !== 'store') refuse(event, 'a flush is at the head of the store buffer');
    const first = cut(head.address, head.data)[0];
    if (
      first.address !== event.address ||
      first.data !== event.data ||
      head.nonTemporal !== (event.nonTemporal ?? false)
    ) {
      refuse(event, 'another piece is at the head of the store buffer');
    }
    const last = first.data.length === head.data.length;
    if (last === (event.more ?? false))
      refuse(event, last ? 'no further pieces follow' : 'further pieces follow');
    if (last) core.buffer.shift();
    else
      core.buffer[0] = {
        ...head,
        address: head.address + first.data.length / 2,
        data: head.data.slice(first.data.length),
      };
  }
  makeVisible(state, event);
}

function lineFlushed(state: MemoryState, event: MemoryEventOf<'line.flushed'>): void {
  const core = coreOf(state, event);
  const { address, sizeBytes, instruction } = event;
  const accepted = instruction === 'clflush' ? dirtyLines(state, address, sizeBytes) : undefined;
  if (accepted !== undefined && fullQueue(state, accepted) !== undefined) {
    refuse(event, 'the write pending queue is full');
  }
  const head = core.buffer[0];
  if (head === undefined) {
    if (core.fence !== null || core.hint !== null) refuse(event, `core ${event.core} waits`);
    core.locked = false;
    core.retired++;
  } else {
    if (
      head.type !== 'flush' ||
      head.address !== address ||
      head.instruction !== instruction ||
      head.sizeBytes !== sizeBytes
    ) {
      refuse(event, 'something else is at the head of the store buffer');
    }
    core.buffer.shift();
  }
  if (accepted === undefined) markFlushed(state, event.core, address, sizeBytes);
  else for (const number of accepted) acceptWhole(state, number);
}

function buffered(state: MemoryState, event: MemoryEventOf<'store.buffered' | 'flush.buffered'>): void {
  const core = runningCore(state, event);
  if (core.buffer.length >= state.configuration.storeBufferEntries) refuse(event, 'the store buffer is full');
  if (event.kind === 'store.buffered') {
    wholeStore(state, event);
    const { address, data, nonTemporal = false, source } = event;
    core.buffer.push({ type: 'store', address, data, nonTemporal, source });
  } else {
    const { address, sizeBytes, instruction } = event;
    core.buffer.push({ type: 'flush', address, sizeBytes, instruction });
  }
  core.locked = false;
  core.retired++;
}

function queueAccepted(state: MemoryState, event: MemoryEventOf<'wpq.accepted'>): void {
  const core = coreOf(state, event);
  if (core.fence === null) refuse(event, `core ${event.core} waits for no fence`);
  if (core.buffer.length > 0) refuse(event, `the store buffer of core ${event.core} is not empty`);
  const number = aligned(state, event);
  if (!awaitsAcceptance(state, event.core, number))
    refuse(event, `core ${event.core} flushed nothing of that line`);
  if (queueIsFull(state, number)) refuse(event, 'the write pending queue is full');
  acceptFlushed(state, event.core, number);
}

function fenceRetired(state: MemoryState, event: MemoryEventOf<'fence.retired'>): void {
  const core = coreOf(state, event);
  if (core.fence !== event.instruction) refuse(event, `core ${event.core} waits for no ${event.instruction}`);
  if (core.buffer.length > 0) refuse(event, `the store buffer of core ${event.core} is not empty`);
  if (state.configuration.defect !== 'fence-does-not-wait' && linesAwaited(state, event.core).length > 0) {
    refuse(event, 'a line that the core flushed is not accepted yet');
  }
  core.fence = null;
  core.flushed = [];
  core.combining = [];
  core.locked = event.instruction === 'locked'; // its store is still to come
  if (!core.locked) core.retired++;
}

function aligned(state: MemoryState, event: { kind: string; address: number }): number {
  if (event.address % state.configuration.lineBytes !== 0) refuse(event, 'the address is not that of a line');
  return lineOf(state, event.address);
}

function lineEvicted(state: MemoryState, event: MemoryEventOf<'line.evicted'>): void {
  const number = aligned(state, event);
  if ((state.pending.get(number)?.unaccepted ?? 0) === 0) refuse(event, 'the line is clean');
  if (queueIsFull(state, number)) refuse(event, 'the write pending queue is full');
  acceptWhole(state, number);
}

function combiningWritten(state: MemoryState, event: MemoryEventOf<'combining.written'>): void {
  const number = lineOf(state, event.address);
  const atom = (event.address - number * state.configuration.lineBytes) / ATOM_BYTES;
  const line = state.pending.get(number);
  const waits = line?.pieces.some(
    (piece, i) => piece.nonTemporal && piece.atom === atom && (line.acceptedAt[i] ?? 0) === 0,
  );
  if (!waits) refuse(event, 'no write-combining buffer holds that atom');
  if (queueIsFull(state, number)) refuse(event, 'the write pending queue is full');
  acceptAtom(state, number, atom);
}

function queuedLine(state: MemoryState, event: { kind: string; address: number }): number {
  const number = aligned(state, event);
  if (!state.queued.has(number)) refuse(event, 'the line is not in its write pending queue');
  return number;
}

function queueTorn(state: MemoryState, event: MemoryEventOf<'wpq.torn'>): void {
  const number = queuedLine(state, event);
  if (state.media !== null)
    refuse(event, 'the queue of this platform survives, so its media writes are never torn');
  tear(state, number, event.atoms, event.until);
  state.torn = true;
}

function hintWritten(state: MemoryState, event: MemoryEventOf<'hint.written'>): void {
  const core = runningCore(state, event);
  if (core.buffer.length > 0) refuse(event, `the store buffer of core ${event.core} is not empty`);
  if (state.hintAt[event.controller] !== 0)
    refuse(event, 'no such controller, or it works on another flush hint');
  core.locked = false;
  core.hint = event.controller;
  state.hintAt[event.controller] = state.eventCount + 1;
}

function hintDone(state: MemoryState, event: MemoryEventOf<'hint.done'>): void {
  const core = coreOf(state, event);
  if (core.hint !== event.controller)
    refuse(event, `core ${event.core} waits for no hint of that controller`);
  const written = state.hintAt[event.controller];
  for (const [number, acceptedAt] of state.queued.entries()) {
    if (acceptedAt < written && controllerOfLine(state, number) === event.controller) {
      refuse(event, `line 0x${(number * state.configuration.lineBytes).toString(16)} is still in the queue`);
    }
  }
  core.hint = null;
  core.retired++;
  state.hintAt[event.controller] = 0;
}

function fileLoaded(state: MemoryState, event: MemoryEventOf<'file.loaded'>): void {
  wholeStore(state, event);
  const { lineBytes } = state.configuration;
  const first = Math.floor(event.address / ATOM_BYTES);
  const last = Math.floor((event.address + event.data.length / 2 - 1) / ATOM_BYTES);
  for (const [number, { pieces }] of state.pending.entries(
    Math.floor((first * ATOM_BYTES) / lineBytes),
    Math.floor((last * ATOM_BYTES) / lineBytes),
  )) {
    const base = (number * lineBytes) / ATOM_BYTES;
    if (pieces.some(({ atom }) => base + atom >= first && base + atom <= last)) {
      refuse(event, 'contents are loaded before the first store to them');
    }
  }
  const media = mediaOf(state);
  for (let at = first * ATOM_BYTES; at <= last * ATOM_BYTES; at += ATOM_BYTES) {
    // What is in the persistence domain is no piece any more: then the contents must tell.
    const isQueued = state.queued.has(lineOf(state, at));
    if (
      (isQueued && (state.visible.word(at) | state.visible.word(at + 4)) !== 0) ||
      state.domain.word(at) !== media.word(at) ||
      state.domain.word(at + 4) !== media.word(at + 4)
    ) {
      refuse(event, 'contents are loaded before the first store to them');
    }
  }
  const bytes = Uint8Array.from({ length: event.data.length / 2 }, (_, i) =>
    Number.parseInt(event.data.slice(2 * i, 2 * i + 2), 16),
  );
  for (const memory of new Set([state.visible, state.domain, media])) memory.write(event.address, bytes);
}

function powerLost(state: MemoryState): void {
  state.powered = false;
  state.visible = state.domain.fork();
  if (state.media !== null) state.media = state.domain.fork();
  for (const [number] of [...state.pending.entries()]) state.pending.delete(number);
  for (const [number] of [...state.queued.entries()]) state.queued.delete(number);
  state.occupancyLines.fill(0);
  state.hintAt.fill(0);
  state.torn = false;
  for (const core of state.cores) {
    core.buffer = [];
    core.fence = null;
    core.locked = false;
    core.flushed = [];
    core.combining = [];
    core.hint = null;
  }
}
