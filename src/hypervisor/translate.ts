import { type Access, permits } from './rights.ts';
import type { TlbState } from './tlb.ts';
import { type GuestFault, type HostViolation, type TranslationState, walk } from './translation.ts';
import type { VirtualCoreState } from './virtual-core.ts';

/** What comes of an access: by the TLB alone, by a walk that must first be completed, or a trap. */
export type Translation =
  | { readonly kind: 'hit'; readonly frame: number }
  | { readonly kind: 'miss'; readonly frame: number }
  | GuestFault
  | HostViolation;

export type TranslatingState = TlbState & TranslationState & VirtualCoreState;

/**
 * Translates an access of a core to a virtual page, changing nothing. What the TLB keeps counts, though the tables may
 * say something else by now: more rights (a trap that is spurious) or fewer (until the entry is dropped). Only a store
 * through an entry whose dirty bit is clear walks again. Source: mechanism sheets, section 1.5.
 */
export function translate(state: TranslatingState, core: number, page: number, access: Access): Translation {
  const kept = state.tlbs[core].entries.get(page);
  if (kept === undefined || (access === 'write' && kept.writable && !kept.dirty)) {
    const now = walk(state.pageTables[state.virtualCores[core].vm], page, access);
    return now.kind === 'walked' ? { kind: 'miss', frame: now.entry.frame } : now;
  }
  if (!permits(kept.guestRights, access)) return { kind: 'guest-fault' };
  if (!permits(kept, access)) return { kind: 'host-violation', guestPage: kept.guestPage };
  return { kind: 'hit', frame: kept.frame };
}
