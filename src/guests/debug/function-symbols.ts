import { ByteReader, textAt } from './byte-reader.ts';
import type { Section } from './elf-sections.ts';

/** A function, or a place in code that an assembler named. */
export interface FunctionSymbol {
  readonly name: string;
  readonly address: number;
  /** 0: not known, it reaches to the next symbol. */
  readonly sizeBytes: number;
}

const SYMBOL_TABLE = 2;
const SYMBOL_BYTES = 24;
const EXECUTABLE = 4;
/** Types of symbols: what an assembler did not say, a function, a function chosen at start. */
const UNTYPED = 0;
const FUNCTIONS = [2, 10];
const LOCAL = 0;

/** Functions by address, from the symbol table. Where several names are at one address, a global function's counts. */
export class FunctionSymbols {
  private readonly symbols: readonly FunctionSymbol[];

  constructor(sections: readonly Section[]) {
    const table = sections.find(({ type }) => type === SYMBOL_TABLE);
    const found = table === undefined ? [] : readSymbols(table, sections);
    found.sort((a, b) => a.address - b.address || a.rank - b.rank || (a.name < b.name ? -1 : 1));
    this.symbols = found.filter((one, place) => one.address !== found[place - 1]?.address);
  }

  at(address: number): FunctionSymbol | undefined {
    let from = 0;
    let to = this.symbols.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.symbols[middle].address <= address) from = middle + 1;
      else to = middle;
    }
    const symbol = this.symbols[from - 1];
    if (symbol === undefined) return undefined;
    return symbol.sizeBytes === 0 || address < symbol.address + symbol.sizeBytes ? symbol : undefined;
  }
}

/** A symbol and how little its name says: 0 for a global function. */
type RankedSymbol = FunctionSymbol & { readonly rank: number };

function readSymbols(table: Section, sections: readonly Section[]): RankedSymbol[] {
  const symbols: RankedSymbol[] = [];
  const names = sections[table.link]?.bytes;
  for (let at = 0; at + SYMBOL_BYTES <= table.bytes.length; at += SYMBOL_BYTES) {
    const reader = new ByteReader(table.bytes, at);
    const name = reader.u32();
    const information = reader.u8();
    reader.skip(1);
    const section = sections[reader.u16()];
    const address = reader.u64();
    const sizeBytes = reader.u64();
    const type = information & 15;
    const isFunction = FUNCTIONS.includes(type);
    if (section === undefined || (section.flags & EXECUTABLE) === 0) continue;
    if ((!isFunction && type !== UNTYPED) || name === 0) continue;
    const rank = (isFunction ? 0 : 2) + (information >>> 4 === LOCAL ? 1 : 0);
    symbols.push({ name: textAt(names, name), address, sizeBytes, rank });
  }
  return symbols;
}
