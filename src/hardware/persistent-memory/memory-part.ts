import type { ClassHash, Digestible } from '../../kernel/class-digest.ts';
import type { Digest } from '../../kernel/digest.ts';
import { forkState } from '../../kernel/model.ts';
import { awaitsAcceptance, controllerOfLine, lineOf } from './lines.ts';
import { type Core, type MemoryState, mediaOf } from './state.ts';

/**
 * A persistent-memory machine as a part of a larger state. Its digest tells apart what can still happen: how many events
 * were folded and which instruction a core is at do not count, only which of two things came first where that matters.
 */
export class MemoryPart implements Digestible {
  constructor(readonly state: MemoryState) {}

  fork(): MemoryPart {
    return new MemoryPart(forkState(this.state));
  }

  /** The next loss of power takes the write pending queues and caches along, whatever the platform promises (F13). */
  voidDomain(): void {
    const { state } = this;
    state.domain = mediaOf(state).fork();
  }

  /** Power is back; the loss of power has left nothing but contents. */
  powerUp(): void {
    this.state.powered = true;
  }

  /** Bytes put in from outside while nothing of their lines is in caches and queues: they are on the media at once. */
  place(address: number, bytes: Uint8Array): void {
    const { visible, domain, media } = this.state;
    for (const memory of [visible, domain, media]) memory?.write(address, bytes);
  }

  /** Caches and queues give up what they hold of a range, unwritten. */
  discard(address: number, sizeBytes: number): void {
    const { state } = this;
    const [first, last] = [lineOf(state, address), lineOf(state, address + sizeBytes - 1)];
    for (const [line] of [...state.pending.entries(first, last)]) state.pending.delete(line);
    for (const [line] of [...state.queued.entries(first, last)]) {
      state.queued.delete(line);
      state.occupancyLines[controllerOfLine(state, line)]--;
    }
  }

  digestInto(hash: ClassHash): void {
    const { state } = this;
    hash.value([state.powered, state.torn]);
    hash.value(state.mappings);
    for (const contents of [state.visible, state.domain, mediaOf(state)]) feedDigest(hash, contents.digest);
    feedDigest(hash, state.outside);
    for (const [number, core] of state.cores.entries()) this.feedCore(hash, number, core);
    hash.number(state.pending.size);
    for (const [number, { pieces, acceptedAt, unaccepted, marks }] of state.pending.entries()) {
      hash.value([number, unaccepted, pieces.length]);
      for (const { atom, low, high, maskLow, maskHigh, core, nonTemporal } of pieces)
        hash.value([atom, low, high, maskLow, maskHigh, core, nonTemporal]);
      hash.value(ranks(acceptedAt));
      hash.value(marks);
    }
    hash.value(state.hintAt.map((at) => at !== 0));
    hash.number(state.queued.size);
    for (const [number, acceptedAt] of state.queued.entries())
      hash.value([number, acceptedAt < state.hintAt[controllerOfLine(state, number)]]);
  }

  private feedCore(hash: ClassHash, number: number, core: Core): void {
    const { buffer, fence, locked, flushed, combining, hint } = core;
    hash.value([buffer, fence, locked, hint]);
    const awaited = new Set(
      [...flushed, ...combining].filter((line) => awaitsAcceptance(this.state, number, line)),
    );
    hash.value([...awaited].sort((a, b) => a - b));
  }
}

/** In which order things happened, from 0 on, whatever happened between them. */
function ranks(counts: readonly number[]): number[] {
  const ascending = [...new Set([0, ...counts])].sort((a, b) => a - b);
  return counts.map((count) => ascending.indexOf(count));
}

function feedDigest(hash: ClassHash, { a, b, c, d }: Digest): void {
  for (const word of [a, b, c, d]) hash.word(word);
}
