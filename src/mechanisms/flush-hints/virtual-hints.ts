import { chosen, coresOf, type Guest, type State, type VirtualHint } from './machine.ts';

/** Guest-physical page of the first virtual flush hint. */
export const FIRST_HINT_PAGE = 16;

/** The virtual flush hint that a core writes: its own, or that of its virtual machine (V4). */
export function hintOf(state: State, core: number): VirtualHint {
  const { vm } = state.virtualCores[core];
  const at = chosen(state, 'hintsPer') === 'core' ? coresOf(state, vm).indexOf(core) : 0;
  return state.guests[vm].hints[at];
}

/** Forgets how the hints were backed; `carried` gives what goes along. */
export function unback({ hints }: Guest, carried: (hint: VirtualHint) => string): void {
  for (const hint of hints)
    Object.assign(hint, { frame: -1, isFilled: false, controllers: 0, carried: carried(hint) });
}

/** The numbers of the bits that are set, in ascending order. */
export function bitsOf(mask: number): number[] {
  const bits: number[] = [];
  for (let bit = 0; mask >> bit !== 0; bit++) if ((mask >> bit) & 1) bits.push(bit);
  return bits;
}

export const maskOf = (bits: readonly number[]): number => bits.reduce((mask, bit) => mask | (1 << bit), 0);
