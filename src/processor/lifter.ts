import { CodeDecoder } from './decode/decoder.ts';
import type { Lifter } from './engine.ts';
import { lift } from './lift/lift.ts';
import type { LiftedInstruction } from './lifted/form.ts';
import { type GuestMemory, PAGE_BYTES, TRANSLATED } from './memory.ts';

const pageOf = (address: number): number => Math.floor(address / PAGE_BYTES);

/** How many instructions are remembered, a kilobyte or two each: more than programs have that are executed again and again. */
const INSTRUCTIONS_MAX = 200_000;

/**
 * Instructions of a guest by their addresses, decoded and lifted when they are first asked for. Their pages are marked as
 * translated; what is known of a page is forgotten before it changes.
 */
export class CodeCache {
  private readonly known = new Map<number, LiftedInstruction>();
  /** Addresses of the known instructions that lie in a page, or reach into it. */
  private readonly pages = new Map<number, number[]>();
  private readonly listeners: ((page: number) => void)[] = [];
  private readonly decoder: CodeDecoder;

  /** Takes over `memory.beforeStore`. */
  constructor(private readonly memory: GuestMemory) {
    this.decoder = new CodeDecoder(memory);
    memory.beforeStore = (page) => this.forget(page);
  }

  readonly lift: Lifter = (address) => this.known.get(address) ?? this.add(address);

  /** The same, but what is not known is not remembered: most of what a program executes, it executes once. */
  readonly liftOnce: Lifter = (address) => this.known.get(address) ?? lift(this.decoder.decodeAt(address));

  /** Calls back when what a page held is no longer so, before its contents change. */
  onForget(listener: (page: number) => void): void {
    this.listeners.push(listener);
  }

  /** Forgets all where too much is known. For when nobody holds on to what was lifted. */
  trim(): void {
    if (this.known.size >= INSTRUCTIONS_MAX) this.forgetAll();
  }

  forgetAll(): void {
    for (const page of [...this.pages.keys()]) this.forget(page);
  }

  private add(address: number): LiftedInstruction {
    const instruction = this.decoder.decodeAt(address);
    const lifted = lift(instruction);
    this.known.set(address, lifted);
    const last = pageOf(address + instruction.lengthBytes - 1);
    for (let page = pageOf(address); page <= last; page++) {
      this.memory.attributes[page] |= TRANSLATED;
      const addresses = this.pages.get(page);
      if (addresses === undefined) this.pages.set(page, [address]);
      else addresses.push(address);
    }
    return lifted;
  }

  private forget(page: number): void {
    this.decoder.forget(page);
    for (const address of this.pages.get(page) ?? []) this.known.delete(address);
    this.pages.delete(page);
    this.memory.untranslate(page);
    for (const listener of this.listeners) listener(page);
  }
}
