import type { TextSections } from './forms.ts';
import { type LineHeader, readLineHeader } from './line-header.ts';
import { type LineSequence, runLineProgram } from './line-program.ts';
import { orUnknown, unitsOf } from './units.ts';

/** A line of a source file, counted from 1. The path is as the compiler was given it. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** A sequence whose files have numbers of this table. */
type PlacedSequence = LineSequence & { readonly files: readonly number[] };

/** Which line each instruction comes from, for all units of .debug_line. What is damaged is left out. */
export class LineTable {
  /** Row i holds from `addresses[i]` up to the next row. Line 0: unknown. */
  private readonly addresses: Float64Array;
  private readonly lines: Uint32Array;
  private readonly fileOf: Uint32Array;
  private readonly paths: string[] = [];
  private readonly pathNumbers = new Map<string, number>();
  private readonly filesOfUnits = new Map<number, readonly string[]>();

  constructor(section: Uint8Array | undefined, texts: TextSections) {
    const sequences = this.readUnits(section, texts);
    sequences.sort((a, b) => a.rows[0].address - b.rows[0].address || a.end - b.end);
    const capacity = sequences.reduce((count, { rows }) => count + rows.length + 1, 0);
    const addresses = new Float64Array(capacity);
    const lines = new Uint32Array(capacity);
    const fileOf = new Uint32Array(capacity);
    let count = 0;
    let end = 0;
    for (const sequence of sequences) {
      // The linker leaves functions that it dropped at 0, where never any code is.
      if (sequence.rows[0].address === 0 || sequence.rows[0].address < end) continue;
      for (const { address, file, line } of sequence.rows) {
        // Of several rows for one address the last one counts: those before have no instructions.
        if (count > 0 && addresses[count - 1] === address) count--;
        addresses[count] = address;
        lines[count] = sequence.files[file] === undefined ? 0 : line;
        fileOf[count] = sequence.files[file] ?? 0;
        count++;
      }
      end = sequence.end;
      if (addresses[count - 1] === end) count--;
      addresses[count] = end;
      lines[count] = 0;
      count++;
    }
    this.addresses = addresses.subarray(0, count);
    this.lines = lines.subarray(0, count);
    this.fileOf = fileOf.subarray(0, count);
  }

  lineOf(address: number): SourceLine | undefined {
    let from = 0;
    let to = this.addresses.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.addresses[middle] <= address) from = middle + 1;
      else to = middle;
    }
    const line = from === 0 ? 0 : this.lines[from - 1];
    return line === 0 ? undefined : { file: this.paths[this.fileOf[from - 1]], line };
  }

  /** Paths of the unit at this offset of the section, by the numbers that it uses. */
  filesAt(offset: number): readonly string[] {
    return this.filesOfUnits.get(offset) ?? [];
  }

  private readUnits(section: Uint8Array | undefined, texts: TextSections): PlacedSequence[] {
    const sequences: PlacedSequence[] = [];
    for (const unit of unitsOf(section)) {
      orUnknown(() => {
        const header = readLineHeader(unit, texts);
        this.filesOfUnits.set(unit.offset, header.files);
        for (const sequence of runLineProgram(header)) {
          sequences.push({ ...sequence, files: this.numbersOf(header) });
        }
      });
    }
    return sequences;
  }

  private numbersOf({ files }: LineHeader): number[] {
    return files.map((path) => {
      const number = this.pathNumbers.get(path) ?? this.paths.push(path) - 1;
      this.pathNumbers.set(path, number);
      return number;
    });
  }
}
