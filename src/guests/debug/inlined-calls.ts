import { ATTRIBUTE, type Entry, type InformationSections, InformationUnit } from './information-unit.ts';
import type { LineTable, SourceLine } from './line-table.ts';
import { orUnknown, unitsOf } from './units.ts';

/** A piece of code that a compiler put in place of a call. */
export interface InlinedCall {
  readonly from: number;
  readonly to: number;
  /** How many inlined calls this one is inside of. */
  readonly depth: number;
  /** The function that was called. */
  readonly name: string;
  /** Where the call is written; undefined when the compiler does not say. */
  readonly call: SourceLine | undefined;
}

const INLINED_SUBROUTINE = 0x1d;
/** A name is at most as many references away: of an instance, of its declaration, of that in a class. */
const REFERENCES_MAX = 4;

/** All inlined calls of .debug_info, to be asked by address. What is damaged is left out. */
export class InlinedCalls {
  private readonly units: InformationUnit[];
  private readonly calls: InlinedCall[] = [];
  /** The largest end of calls up to each place: before a place whose end is not above an address, none holds it. */
  private readonly ends: Float64Array;

  constructor(
    section: Uint8Array | undefined,
    sections: InformationSections,
    private readonly lines: LineTable,
  ) {
    this.units = unitsOf(section).flatMap(
      (unit) => orUnknown(() => new InformationUnit(unit, sections)) ?? [],
    );
    for (const unit of this.units) orUnknown(() => this.readCalls(unit));
    this.calls.sort((a, b) => a.from - b.from || a.depth - b.depth);
    this.ends = new Float64Array(this.calls.length);
    let end = 0;
    this.calls.forEach((call, place) => {
      end = Math.max(end, call.to);
      this.ends[place] = end;
    });
  }

  /** The calls that hold an address, outermost first. */
  at(address: number): InlinedCall[] {
    let from = 0;
    let to = this.calls.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.calls[middle].from <= address) from = middle + 1;
      else to = middle;
    }
    const found: InlinedCall[] = [];
    for (let place = from - 1; place >= 0 && this.ends[place] > address; place--) {
      if (this.calls[place].to > address) found.push(this.calls[place]);
    }
    return found.sort((a, b) => a.depth - b.depth);
  }

  private readCalls(unit: InformationUnit): void {
    const reader = unit.readerAt(unit.firstEntry);
    /** For each open list of children, how many inlined calls it is inside of. */
    const open: number[] = [];
    while (!reader.isAtEnd) {
      const entry = unit.readEntry(reader);
      if (entry === undefined) {
        open.pop();
        continue;
      }
      const depth = open.at(-1) ?? 0;
      const isInlined = entry.tag === INLINED_SUBROUTINE;
      if (isInlined) this.push(unit, entry, depth);
      if (entry.hasChildren) open.push(isInlined ? depth + 1 : depth);
    }
  }

  private push(unit: InformationUnit, entry: Entry, depth: number): void {
    const name = orUnknown(() => this.nameOf(unit, entry)) ?? '?';
    const file = this.lines.filesAt(unit.linesOffset ?? -1)[unit.number(entry, ATTRIBUTE.callFile) ?? -1];
    const line = unit.number(entry, ATTRIBUTE.callLine);
    const call = file === undefined || line === undefined ? undefined : { file, line };
    for (const [from, to] of orUnknown(() => unit.addressRanges(entry)) ?? []) {
      if (from < to) this.calls.push({ from, to, depth, name, call });
    }
  }

  private nameOf(unit: InformationUnit, entry: Entry, references = 0): string | undefined {
    const name = unit.text(entry, ATTRIBUTE.name);
    const offset =
      unit.reference(entry, ATTRIBUTE.abstractOrigin) ?? unit.reference(entry, ATTRIBUTE.specification);
    if (name !== undefined || offset === undefined || references === REFERENCES_MAX) return name;
    const owner = this.units.find((one) => one.contains(offset));
    const origin = owner?.readEntry(owner.readerAt(offset));
    return owner === undefined || origin === undefined
      ? undefined
      : this.nameOf(owner, origin, references + 1);
  }
}
