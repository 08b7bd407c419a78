import { ClassHash, type Digestible } from '../../kernel/class-digest.ts';
import type { Digest } from '../../kernel/digest.ts';
import { forkState } from '../../kernel/model.ts';
import type { MemoryEvent } from './events.ts';
import { evolveMemory } from './evolve.ts';
import { controllerOfLine, lineOf, linesAwaited } from './lines.ts';
import { type Core, type MemoryState, mediaOf } from './state.ts';

/**
 * A persistent-memory machine as a part of a larger state. Its digest tells apart what can still happen: how many events
 * were folded and which instruction a core is at do not count, only which of two things came first where that matters.
 * Forks share the machine, and its digest, until something happens to it: in a larger state most events befall other parts.
 */
export class MemoryPart implements Digestible {
  /** Other parts may hold the same machine: it is copied before it changes. */
  private isShared = false;
  /** Of the machine as it is; undefined when it has changed since. */
  private digest: Digest | undefined;

  constructor(private machine: MemoryState) {}

  /** To be read only. */
  get state(): MemoryState {
    return this.machine;
  }

  fork(): MemoryPart {
    const fork = new MemoryPart(this.machine);
    fork.digest = this.digest;
    fork.isShared = true;
    this.isShared = true;
    return fork;
  }

  /** Folds one event in. Throws `IllegalEvent`, with nothing changed, for one that cannot happen now. */
  evolve(event: MemoryEvent): void {
    evolveMemory(this.own(), event);
  }

  /** The next loss of power takes the write pending queues and caches along, whatever the platform promises (F13). */
  voidDomain(): void {
    const machine = this.own();
    machine.domain = mediaOf(machine).fork();
  }

  /** Power is back; the loss of power has left nothing but contents. */
  powerUp(): void {
    this.own().powered = true;
  }

  /** Bytes put in from outside while nothing of their lines is in caches and queues: they are on the media at once. */
  place(address: number, bytes: Uint8Array): void {
    const { visible, domain, media } = this.own();
    for (const memory of [visible, domain, media]) memory?.write(address, bytes);
  }

  /** Caches and queues give up what they hold of a range, unwritten. */
  discard(address: number, sizeBytes: number): void {
    const machine = this.own();
    const [first, last] = [lineOf(machine, address), lineOf(machine, address + sizeBytes - 1)];
    for (const [line] of [...machine.pending.entries(first, last)]) machine.pending.delete(line);
    for (const [line] of [...machine.queued.entries(first, last)]) {
      machine.queued.delete(line);
      machine.occupancyLines[controllerOfLine(machine, line)]--;
    }
  }

  digestInto(hash: ClassHash): void {
    this.digest ??= digestOf(this.machine);
    hash.digested(this.digest);
  }

  /** The machine, to be changed in place. */
  private own(): MemoryState {
    if (this.isShared) {
      const { configuration, ...changing } = this.machine;
      this.machine = { configuration, ...forkState(changing) };
      this.isShared = false;
    }
    this.digest = undefined;
    return this.machine;
  }
}

function digestOf(state: MemoryState): Digest {
  const hash = new ClassHash();
  hash.value(state.powered);
  hash.value(state.torn);
  hash.value(state.mappings);
  for (const contents of [state.visible, state.domain, mediaOf(state)]) hash.digested(contents.digest);
  hash.digested(state.outside);
  for (const [number, core] of state.cores.entries()) feedCore(hash, state, number, core);
  hash.number(state.pending.size);
  for (const [number, { pieces, acceptedAt, unaccepted, marks }] of state.pending.entries()) {
    hash.number(number);
    hash.number(unaccepted);
    hash.number(pieces.length);
    for (const { atom, low, high, maskLow, maskHigh, core, nonTemporal } of pieces) {
      hash.pair(atom, core);
      hash.pair(low, high);
      hash.pair(maskLow, maskHigh);
      hash.value(nonTemporal);
    }
    hash.value(ranks(acceptedAt));
    hash.value(marks);
  }
  for (const at of state.hintAt) hash.value(at !== 0);
  hash.number(state.queued.size);
  for (const [number, acceptedAt] of state.queued.entries()) {
    hash.number(number);
    hash.value(acceptedAt < state.hintAt[controllerOfLine(state, number)]);
  }
  return hash.digest();
}

function feedCore(hash: ClassHash, state: MemoryState, number: number, core: Core): void {
  const { buffer, fence, locked, hint } = core;
  hash.value(buffer);
  hash.value(fence);
  hash.value(locked);
  hash.value(hint);
  hash.value(linesAwaited(state, number));
}

/** In which order things happened, from 0 on, whatever happened between them. */
function ranks(counts: readonly number[]): number[] {
  const ascending = [...new Set([0, ...counts])].sort((a, b) => a - b);
  return counts.map((count) => ascending.indexOf(count));
}
