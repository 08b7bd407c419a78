import type { EventOf } from '../kernel/event-table.ts';
import { type Access, flagsOf } from './rights.ts';
import type { tlbEvents } from './tlb.ts';
import { type TranslatingState, translate } from './translate.ts';
import { type translationEvents, walk } from './translation.ts';
import type { trapEvents } from './traps.ts';

type AccessEvent = EventOf<typeof translationEvents & typeof tlbEvents & typeof trapEvents>;

/**
 * What a core in the guest does next on its way to an access: a walk marks the guest's entry, then the host's, then fills
 * the TLB; or the access traps. Undefined: the TLB translates it, and the access itself can happen. Anything may happen
 * between two steps, so each is decided afresh.
 */
export function accessStep(
  state: TranslatingState,
  core: number,
  page: number,
  access: Access,
): AccessEvent | undefined {
  const found = translate(state, core, page, access);
  switch (found.kind) {
    case 'hit':
      return undefined;
    case 'guest-fault':
      return { kind: 'guest.faulted', core, page, access };
    case 'host-violation':
      return { kind: 'vm.exited', core, reason: found.kind, page, guestPage: found.guestPage, access };
    case 'miss':
      return walkStep(state, core, page, access);
  }
}

function walkStep(
  { pageTables, virtualCores }: TranslatingState,
  core: number,
  page: number,
  access: Access,
): AccessEvent | undefined {
  const { vm } = virtualCores[core];
  const tables = pageTables[vm];
  const now = walk(tables, page, access);
  if (now.kind !== 'walked') return undefined;
  const bit = access === 'write' ? 'dirty' : 'accessed';
  const path = [
    { level: 'guest', page, onPath: tables.paging === 'nested' },
    { level: 'host', page: now.entry.guestPage, onPath: true },
  ] as const;
  for (const { level, page, onPath } of path) {
    const entry = tables[level].get(page);
    if (onPath && !(entry?.accessed && entry[bit])) return { kind: 'page.marked', vm, level, page, bit };
  }
  const { entry } = now;
  return {
    kind: 'tlb.filled',
    core,
    page,
    frame: entry.frame,
    ...flagsOf(entry),
    ...(entry.dirty && { dirty: true }),
  };
}
