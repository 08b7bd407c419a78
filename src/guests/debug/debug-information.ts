import { sectionsOf } from './elf-sections.ts';
import { type FunctionSymbol, FunctionSymbols } from './function-symbols.ts';
import { type InlinedCall, InlinedCalls } from './inlined-calls.ts';
import { LineTable, type SourceLine } from './line-table.ts';
import { orUnknown } from './units.ts';

/** A function that an instruction is part of, and where in it; the innermost of inlined ones comes first. */
export interface SourceFrame {
  readonly name: string;
  readonly at: SourceLine | undefined;
}

/**
 * What an executable tells about its source: functions from its symbol table, lines from .debug_line and inlined calls from
 * .debug_info of DWARF 2 to 5. Addresses are those of the file; of a position-independent program, subtract where it was
 * loaded. Nothing here throws: what a file does not tell, tells compressed or damaged, is unknown.
 */
export class DebugInformation {
  private readonly symbols: FunctionSymbols | undefined;
  private readonly lines: LineTable;
  private readonly section: (name: string) => Uint8Array | undefined;
  /** Read when first asked for: it is by far the largest part. */
  private inlined: InlinedCalls | undefined;

  constructor(file: Uint8Array) {
    const sections = orUnknown(() => sectionsOf(file)) ?? [];
    this.section = (name) => sections.find((one) => one.name === name)?.bytes;
    this.symbols = orUnknown(() => new FunctionSymbols(sections));
    this.lines = new LineTable(this.section('.debug_line'), this.texts);
  }

  /** The line that the instruction at an address, or over it, comes from. */
  lineOf(address: number): SourceLine | undefined {
    return this.lines.lineOf(address);
  }

  /** The function, as the linker knows it, that holds an address. */
  functionOf(address: number): FunctionSymbol | undefined {
    return this.symbols?.at(address);
  }

  /** The functions that an instruction is part of, those inlined into it included, innermost first. */
  framesOf(address: number): SourceFrame[] {
    const frames: SourceFrame[] = [];
    let at = this.lineOf(address);
    for (const { name, call } of this.callsAt(address).reverse()) {
      frames.push({ name, at });
      at = call;
    }
    const outermost = this.functionOf(address)?.name;
    if (outermost !== undefined || at !== undefined) frames.push({ name: outermost ?? '?', at });
    return frames;
  }

  /**
   * An address in words, innermost function first: `put+0x1c (kv.c:28)`, or with inlined calls
   * `flush (pmem.h:20) in push+0x1f (list.c:79)`; undefined where neither function nor line is known.
   */
  describeAddress(address: number): string | undefined {
    const frames = this.framesOf(address);
    const symbol = this.functionOf(address);
    const offset = symbol === undefined ? '' : `+0x${(address - symbol.address).toString(16)}`;
    const told = frames.map(({ name, at }, index) => {
      const place = index === frames.length - 1 ? `${name}${offset}` : name;
      return at === undefined ? place : `${place} (${at.file}:${at.line})`;
    });
    return told.length === 0 ? undefined : told.join(' in ');
  }

  private callsAt(address: number): InlinedCall[] {
    this.inlined ??= new InlinedCalls(
      this.section('.debug_info'),
      {
        ...this.texts,
        abbreviations: this.section('.debug_abbrev'),
        addresses: this.section('.debug_addr'),
        textOffsets: this.section('.debug_str_offsets'),
        ranges: this.section('.debug_ranges'),
        rangeLists: this.section('.debug_rnglists'),
      },
      this.lines,
    );
    return this.inlined.at(address);
  }

  private get texts() {
    return { strings: this.section('.debug_str'), lineStrings: this.section('.debug_line_str') };
  }
}
