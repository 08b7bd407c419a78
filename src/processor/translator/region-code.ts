import { LAYOUT } from '../layout.ts';
import type { GuestMemory } from '../memory.ts';
import type { Recorded } from '../processor.ts';
import type { Block, Region } from './blocks.ts';
import type { Callees } from './callees.ts';
import { analyseControlFlow, type ControlFlow } from './control-flow.ts';
import { Code } from './encoder.ts';
import { EXIT, Exits } from './exits.ts';
import { DYNAMIC, FlagCode, type FlagMutant } from './flag-code.ts';
import { liveFlags } from './flag-liveness.ts';
import { FloatCode } from './float-code.ts';
import { type FunctionParts, InstructionCode, type Jumps, type Path } from './instruction-code.ts';
import { Locals } from './locals.ts';
import { MemoryCode } from './memory-code.ts';
import type { ModuleBuilder } from './module.ts';
import { RegisterLocals } from './register-locals.ts';

/** What translated code is for. */
export interface CodeOptions {
  readonly memory: GuestMemory;
  readonly recorded: Recorded;
  readonly mutant?: FlagMutant | undefined;
}

/**
 * Adds a region to a module, as a function without parameters that returns one of `EXIT`. Registers and flags are in locals
 * from its beginning to its end.
 */
export function defineRegion(
  module: ModuleBuilder,
  callees: Callees,
  region: Region,
  options: CodeOptions,
  exportedAs: string,
): void {
  const { code, locals } = new RegionCode(region, callees, options).write();
  module.define({ parameters: [], results: ['i32'] }, locals, code, exportedAs);
}

class RegionCode {
  private readonly code = new Code();
  private readonly locals = new Locals();
  private readonly flow: ControlFlow;
  private readonly parts: FunctionParts;
  /** Depth at which the WebAssembly block or loop of a block was opened. */
  private readonly labels = new Map<number, number>();
  /** Local: how many instructions may be executed when a loop begins anew. */
  private readonly limit: number;
  private readonly instructionsMax: number;

  constructor(
    private readonly region: Region,
    callees: Callees,
    options: CodeOptions,
  ) {
    const { code, locals } = this;
    const { memory, recorded, mutant } = options;
    const { ownAt } = memory;
    this.flow = analyseControlFlow(region.blocks.map(({ targets }) => targets));
    this.limit = locals.add('i64');
    const exits = new Exits(code, locals, ownAt);
    this.parts = {
      code,
      locals,
      registers: new RegisterLocals(locals, ownAt),
      flags: new FlagCode(code, locals, ownAt, callees, mutant),
      memory: new MemoryCode(code, locals, memory, recorded, callees, exits.count),
      float: new FloatCode(code, locals, ownAt, callees),
      exits,
      callees,
      ownAt,
      mutant,
    };
    this.instructionsMax = this.flow.order.reduce(
      (sum, block) => sum + region.blocks[block].instructions.length,
      0,
    );
  }

  write(): { readonly code: Code; readonly locals: Locals['types'] } {
    const { code, parts } = this;
    code.block();
    this.blockCode(0, { flags: DYNAMIC, executed: 0 });
    code.end();

    // The body says which registers are used: what comes before it is written last.
    const whole = new Code();
    this.prologue(whole);
    whole.append(code.bytes());
    parts.registers.spill(whole);
    parts.flags.spill(whole);
    parts.exits.spill(whole);
    return { code: whole, locals: this.locals.types };
  }

  private prologue(code: Code): void {
    const { parts } = this;
    // Whoever calls has looked only roughly.
    code.constant32(0);
    code.load(8, parts.ownAt + LAYOUT.instructionPointer);
    code.constant64(this.startOf(0));
    code.numeric('i64.ne');
    code.if();
    code.constant32(EXIT.elsewhere);
    code.return();
    code.end();
    parts.exits.fill(code);
    // Each block is executed at most once between two places where the limit is looked at.
    code.constant32(0);
    code.load(8, parts.ownAt + LAYOUT.limit);
    code.constant64(this.instructionsMax);
    code.numeric('i64.sub');
    code.tee(this.limit);
    code.get(parts.exits.count);
    code.numeric('i64.lt_s');
    code.if();
    code.constant32(EXIT.limit);
    code.return();
    code.end();
    parts.registers.fill(code);
    parts.flags.fill(code);
  }

  /** A block, with all that it dominates. */
  private blockCode(number: number, path: Path): void {
    const { code, flow, parts } = this;
    if (!flow.isLoop[number]) {
      this.withMerges(
        number,
        flow.children[number].filter((child) => flow.isMerge[child]),
        path,
      );
      return;
    }
    parts.exits.advance(path.executed);
    code.loop();
    this.labels.set(number, code.depth);
    code.get(parts.exits.count);
    code.get(this.limit);
    code.numeric('i64.gt_s');
    code.if();
    this.leaveFlags();
    parts.exits.exitAt(this.startOf(number), 0, EXIT.limit);
    code.end();
    const merges = flow.children[number].filter((child) => flow.isMerge[child]);
    this.withMerges(number, merges, { flags: DYNAMIC, executed: 0 });
    code.end();
  }

  /** Blocks that several paths come to are behind WebAssembly blocks, the last of them behind the outermost. */
  private withMerges(number: number, merges: readonly number[], path: Path): void {
    const { code } = this;
    for (const merge of [...merges].reverse()) {
      code.block();
      this.labels.set(merge, code.depth);
    }
    this.instructions(this.region.blocks[number], number, path);
    for (const merge of merges) {
      code.end();
      this.blockCode(merge, { flags: DYNAMIC, executed: 0 });
    }
  }

  private instructions(block: Block, number: number, start: Path): void {
    const jumps: Jumps = {
      to: (address, path) => this.jump(number, address, path),
      toLocal: (address, path) => this.jumpToLocal(address, path),
    };
    const live = liveFlags(block.instructions);
    let path = start;
    for (const [place, lifted] of block.instructions.entries()) {
      if (block.isLeft && place === block.instructions.length - 1) {
        this.parts.exits.exitAt(lifted.address, path.executed, EXIT.interpret);
        return;
      }
      const after = new InstructionCode(this.parts, lifted, path, jumps, live[place]).write();
      if (after === undefined) return;
      path = after;
    }
    this.jump(number, block.end, path);
  }

  private jump(from: number, address: number, path: Path): void {
    const to = this.region.numberOf.get(address);
    const { flow, parts } = this;
    if (to === undefined || flow.isIrreducible(from, to)) {
      this.leaveFlags();
      parts.exits.exitAt(address, path.executed, EXIT.onwards);
      return;
    }
    this.jumpToBlock(from, to, path);
  }

  private jumpToBlock(from: number, to: number, path: Path): void {
    const { code, flow, parts, labels } = this;
    const isBack = flow.place[to] <= flow.place[from];
    if (!isBack && !flow.isMerge[to]) {
      const mark = this.locals.mark();
      this.blockCode(to, path);
      this.locals.release(mark);
      return;
    }
    const label = labels.get(to);
    if (label === undefined) throw new Error(`block ${to} is not open in block ${from}`);
    parts.exits.advance(path.executed);
    code.branch(label);
  }

  private jumpToLocal(address: number, path: Path): void {
    this.leaveFlags();
    this.parts.exits.exit(() => this.parts.code.get(address), path.executed, EXIT.onwards);
  }

  /** The record leaves with all else, which mutant M8 forgets. */
  private leaveFlags(): void {
    if (this.parts.mutant === 'M8') this.parts.flags.dropRecord();
  }

  private startOf(number: number): number {
    return this.region.blocks[number].instructions[0].address;
  }
}
