import type { MemoryState } from '../../src/hardware/persistent-memory/state.ts';
import type { CowBytes } from '../../src/kernel/cow-bytes.ts';
import { hexOf } from './bytes.ts';

/** Everything that a machine's state holds, its caches and sharing aside, as plain data: for comparing, and to keep. */
export function plainState(state: MemoryState) {
  const { visible, domain, media, pending, queued, outside, ...records } = state;
  return structuredClone({
    ...records,
    visible: plainBytes(state, visible),
    domain: plainBytes(state, domain),
    media: media && plainBytes(state, media),
    pending: [...pending.entries()],
    pendingCount: pending.size,
    queued: [...queued.entries()],
    queuedCount: queued.size,
    outside: outside.hex(),
  });
}

/** The bytes of each file, with the digest that memory keeps of itself. */
function plainBytes(state: MemoryState, memory: CowBytes) {
  const contents = state.files.map(({ address, sizeBytes }) =>
    hexOf(memory.read(address, Math.min(sizeBytes, 4096))),
  );
  return { contents, digest: memory.digest.hex() };
}
