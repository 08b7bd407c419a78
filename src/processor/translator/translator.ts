import type { Engine, Lifter, Stop } from '../engine.ts';
import { executeLine, Interpreter } from '../interpreter/interpreter.ts';
import { LAYOUT } from '../layout.ts';
import type { Processor } from '../processor.ts';
import { findRegion, type Region, straightLine } from './blocks.ts';
import { Callees } from './callees.ts';
import { Dispatcher } from './dispatcher.ts';
import { EXIT } from './exits.ts';
import type { FlagMutant } from './flag-code.ts';
import { type Place, Places, type RegionFunction } from './places.ts';
import { defineRegion } from './region-code.ts';
import { Runtime } from './runtime.ts';

/** Where lifted instructions come from, and who tells when they are no longer right. */
export interface CodeSource {
  readonly lift: Lifter;
  /** The same, without remembering it. */
  readonly liftOnce: Lifter;
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

const EXECUTIONS_MIN = 16;
/** How many instructions are interpreted before the first one is translated: a program may be over at once. */
const INTERPRETED_MIN = 20_000;
/** How many instructions are executed at a new place, unless they jump. */
const NEW_INSTRUCTIONS_MAX = 64;
/** How many places are remembered as visited; a few bytes each. */
const VISITED_MAX = 1_000_000;
/** How many regions there are at once, some 25 KiB each: a program that makes up code must not take the memory of the host. */
const REGIONS_MAX = 10_000;
/** How many become one module: each module costs time by itself. */
const MODULE_REGIONS_MAX = 32;

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
export class Translator implements Engine {
  private readonly interpreter: Interpreter;
  /** Made for the first region. */
  private compiling: Compiling | undefined;
  private readonly visited = new Set<number>();
  private readonly places = new Places();
  /** Addresses of places that soon will be executed often enough, those that came first before the others. */
  private readonly warm = new Set<number>();
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
    let isEntered = true;
    for (;;) {
      let exit = this.compiling?.dispatcher.run() ?? EXIT.elsewhere;
      let instructions = 1;
      if (exit === EXIT.elsewhere && this.isNew(processor.instructionPointer)) {
        isEntered = false; // unless it is seen the next time
        const stop = this.executeNew(untilInstructions);
        if (stop.why !== 'reached' || processor.instructions === untilInstructions) return stop;
        continue;
      }
      if (exit === EXIT.elsewhere) {
        const place = this.placeAt(processor.instructionPointer, isEntered);
        if (place === undefined) break;
        isEntered = place.run !== undefined || !place.line.isDirect;
        if (place.run === undefined) instructions = place.line.instructions;
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

  /** Whether control never came here before. */
  private isNew(address: number): boolean {
    if (this.executionsMin <= 1 || this.visited.has(address)) return false;
    if (this.visited.size >= VISITED_MAX) this.visited.clear();
    this.visited.add(address);
    return true;
  }

  /** Most of what a program executes, it executes once: nothing of that is held. */
  private executeNew(untilInstructions: number): Stop {
    const { processor } = this;
    const before = processor.instructions;
    const until = Math.min(untilInstructions, before + NEW_INSTRUCTIONS_MAX);
    const stop = executeLine(processor, until, this.source.liftOnce);
    this.interpreted += processor.instructions - before;
    return stop;
  }

  /** Nothing where there is no code: the interpreter tells why. */
  private placeAt(address: number, isEntered: boolean): Place | undefined {
    this.source.trim();
    const place = this.places.get(address) ?? this.newPlace(address);
    if (place === undefined || place.run !== undefined) return place;
    if (isEntered) place.isEntered = true;
    place.executions++;
    if (place.executions === this.executionsMin >> 1) this.warm.add(address);
    if (place.executions >= this.executionsMin && this.interpreted >= this.interpretedMin)
      this.translate(address);
    return place;
  }

  private newPlace(address: number): Place | undefined {
    const line = straightLine(this.source.lift, address);
    if (line === undefined) return undefined;
    const place: Place = { executions: 0, line, isEntered: false, run: undefined };
    this.places.add(address, place);
    this.places.remember(address, address, line.end);
    return place;
  }

  /** Makes a module of the region of a place, and of others that soon would be translated, too. */
  private translate(address: number): void {
    if (this.regions >= REGIONS_MAX) {
      this.source.forgetAll();
      return;
    }
    const regions = this.regionsAt(this.warmest(address));
    if (regions.size === 0) return;
    const { memory, recorded } = this.processor;
    this.compiling ??= compilingFor(this.processor, this.mutant);
    const { runtime, dispatcher } = this.compiling;
    const module = runtime.newCallingModule();
    const callees = new Callees(module, runtime, memory.ownAt);
    for (const [entry, region] of regions)
      defineRegion(module, callees, region, { memory, recorded, mutant: this.mutant }, String(entry));
    const exported = runtime.instantiate(module);
    for (const [entry, region] of regions) {
      const run = exported[entry] as RegionFunction;
      dispatcher.add(entry, run);
      this.addRegion(entry, region, run);
    }
  }

  /** Those first that regions have to begin at anyway. */
  private warmest(address: number): number[] {
    const all = [...new Set([address, ...this.warm])];
    const isEntered = (one: number): boolean => this.places.get(one)?.isEntered === true;
    return [...all.filter(isEntered), ...all.filter((one) => !isEntered(one))];
  }

  /** Regions, by their entries; a place that is within one of them is left out until it is executed often from outside. */
  private regionsAt(entries: readonly number[]): Map<number, Region> {
    const regions = new Map<number, Region>();
    const within = new Set<number>();
    for (const entry of entries) {
      if (regions.size === MODULE_REGIONS_MAX) break;
      this.warm.delete(entry);
      const place = this.places.get(entry);
      if (place === undefined || place.run !== undefined || within.has(entry)) continue;
      const region = findRegion(this.source.lift, entry, {
        isExecuted: (other) => this.places.get(other) !== undefined,
        isEntry: (other) => regions.has(other) || this.places.get(other)?.run !== undefined,
      });
      if (region === undefined) {
        place.executions = Number.NEGATIVE_INFINITY;
        continue;
      }
      regions.set(entry, region);
      for (const start of region.numberOf.keys()) within.add(start);
    }
    return regions;
  }

  private addRegion(entry: number, { blocks }: Region, run: RegionFunction): void {
    const place = this.places.get(entry);
    if (place === undefined) throw new Error(`there is no place at ${entry}`);
    place.run = run;
    this.regions++;
    for (const { instructions, end } of blocks) this.places.remember(entry, instructions[0].address, end);
  }

  private forget(page: number): void {
    for (const [address, { run }] of this.places.forget(page)) {
      if (run !== undefined) this.regions--;
      this.warm.delete(address);
      this.compiling?.dispatcher.remove(address);
    }
  }
}
