import type { Engine, Lifter, Stop } from '../engine.ts';
import { Interpreter } from '../interpreter/interpreter.ts';
import { LAYOUT } from '../layout.ts';
import { PAGE_BYTES } from '../memory.ts';
import type { Processor } from '../processor.ts';
import { findRegion, type PlacesKnown, type Region, straightLine } from './blocks.ts';
import { Callees } from './callees.ts';
import { Dispatcher } from './dispatcher.ts';
import { EXIT } from './exits.ts';
import type { FlagMutant } from './flag-code.ts';
import { defineRegion } from './region-code.ts';
import { Runtime } from './runtime.ts';

/** Where lifted instructions come from, and who tells when they are no longer right. */
export interface CodeSource {
  readonly lift: Lifter;
  /** Calls back before what a page holds changes. */
  onForget(listener: (page: number) => void): void;
  /** Forgets all where too much is known. */
  trim(): void;
  forgetAll(): void;
}

export interface TranslatorOptions {
  /** How often a place is gone to before it is translated, from the first instruction on. */
  readonly executionsMin?: number;
  /** A defect of sheet S10. */
  readonly mutant?: FlagMutant;
}

const EXECUTIONS_MIN = 10;
/** How many instructions are interpreted before the first one is translated: a program may be over at once. */
const INTERPRETED_MIN = 20_000;
/** How many regions there are at once, some 25 KiB each: a program that makes up code must not take the memory of the host. */
const REGIONS_MAX = 10_000;

/** A place that control came to, from outside of translated code. */
interface Place {
  executions: number;
  /** Instructions from here to the next that may jump, for the interpreter. */
  readonly instructions: number;
  run: (() => number) | undefined;
}

/** What is needed to make and enter regions. */
interface Compiling {
  readonly runtime: Runtime;
  readonly dispatcher: Dispatcher;
}

function compilingFor(processor: Processor, mutant: FlagMutant | undefined): Compiling {
  const runtime = new Runtime(processor, mutant);
  return { runtime, dispatcher: new Dispatcher(runtime, processor.memory.ownAt) };
}

/** Makes regions of code that is executed often into WebAssembly; the interpreter executes the rest. */
export class Translator implements Engine, PlacesKnown {
  private readonly interpreter: Interpreter;
  /** Made for the first region. */
  private compiling: Compiling | undefined;
  private readonly places = new Map<number, Place>();
  /** Addresses of places whose code lies in a page. */
  private readonly pages = new Map<number, Set<number>>();
  /** Places that are translated. */
  private regions = 0;
  /** Instructions that were left to the interpreter. */
  private interpreted = 0;
  private readonly executionsMin: number;
  private readonly interpretedMin: number;
  private readonly mutant: FlagMutant | undefined;

  constructor(
    private readonly source: CodeSource,
    private readonly processor: Processor,
    { executionsMin, mutant }: TranslatorOptions = {},
  ) {
    this.interpreter = new Interpreter(source.lift);
    this.executionsMin = executionsMin ?? EXECUTIONS_MIN;
    this.interpretedMin = executionsMin === undefined ? INTERPRETED_MIN : 0;
    this.mutant = mutant;
    source.onForget((page) => this.forget(page));
  }

  run(processor: Processor, untilInstructions: number): Stop {
    if (processor !== this.processor)
      throw new Error('a translator is for the processor that it was made with');
    const { interpreter } = this;
    const { view, ownAt } = processor.memory;
    view.setBigUint64(
      ownAt + LAYOUT.limit,
      BigInt(Math.min(untilInstructions, Number.MAX_SAFE_INTEGER)),
      true,
    );
    for (;;) {
      let exit = this.compiling?.dispatcher.run() ?? EXIT.elsewhere;
      let instructions = 1;
      if (exit === EXIT.elsewhere) {
        const place = this.placeAt(processor.instructionPointer);
        if (place === undefined) break;
        if (place.run === undefined) instructions = place.instructions;
        else exit = place.run();
      }
      if (exit === EXIT.limit) break;
      if (exit === EXIT.onwards) continue;
      this.interpreted += instructions;
      if (exit === EXIT.interpret) processor.operations.takeBack(processor.instructions);
      const until = Math.min(untilInstructions, processor.instructions + instructions);
      const stop = interpreter.run(processor, until);
      if (stop.why !== 'reached' || until === untilInstructions) return stop;
    }
    return interpreter.run(processor, untilInstructions);
  }

  /** Nothing where there is no code: the interpreter tells why. */
  private placeAt(address: number): Place | undefined {
    this.source.trim();
    const known = this.places.get(address);
    if (known === undefined) return this.addPlace(address);
    if (known.run === undefined && ++known.executions >= this.executionsMin)
      this.tryTranslate(address, known);
    return known;
  }

  private addPlace(address: number): Place | undefined {
    const line = straightLine(this.source.lift, address);
    if (line === undefined) return undefined;
    const place: Place = { executions: 1, instructions: line.instructions, run: undefined };
    this.places.set(address, place);
    this.remember(address, address, line.end);
    if (this.executionsMin <= 1) this.tryTranslate(address, place);
    return place;
  }

  private tryTranslate(address: number, place: Place): void {
    if (this.interpreted < this.interpretedMin) return;
    if (this.regions >= REGIONS_MAX) {
      this.source.forgetAll();
      return;
    }
    const region = findRegion(this.source.lift, address, this);
    if (region === undefined) {
      place.executions = Number.NEGATIVE_INFINITY;
      return;
    }
    const { memory, recorded } = this.processor;
    this.compiling ??= compilingFor(this.processor, this.mutant);
    const { runtime, dispatcher } = this.compiling;
    const module = runtime.newCallingModule();
    const callees = new Callees(module, runtime);
    defineRegion(module, callees, region, { memory, recorded, mutant: this.mutant }, 'run');
    const exported = runtime.instantiate(module)['run'];
    place.run = exported as () => number;
    this.regions++;
    dispatcher.add(address, place.run);
    this.rememberRegion(address, region);
  }

  isExecuted(address: number): boolean {
    return this.places.has(address);
  }

  isEntry(address: number): boolean {
    return this.places.get(address)?.run !== undefined;
  }

  private rememberRegion(address: number, { blocks }: Region): void {
    for (const { instructions, end } of blocks) this.remember(address, instructions[0].address, end);
  }

  private remember(address: number, start: number, end: number): void {
    for (let page = pageOf(start); page <= pageOf(end - 1); page++) {
      const addresses = this.pages.get(page);
      if (addresses === undefined) this.pages.set(page, new Set([address]));
      else addresses.add(address);
    }
  }

  private forget(page: number): void {
    for (const address of this.pages.get(page) ?? []) {
      if (this.places.get(address)?.run !== undefined) this.regions--;
      this.places.delete(address);
      this.compiling?.dispatcher.remove(address);
    }
    this.pages.delete(page);
  }
}

const pageOf = (address: number): number => Math.floor(address / PAGE_BYTES);
