import { MalformedDebugData } from './byte-reader.ts';
import { type LineHeader, readOldFile } from './line-header.ts';

/** Instructions from `address` up to the next row come from a line of a file. */
export interface LineRow {
  readonly address: number;
  /** Number of the file in the header. */
  readonly file: number;
  /** 0: of no line. */
  readonly line: number;
}

/** Rows with ascending addresses, and the address behind the last instruction. */
export interface LineSequence {
  readonly rows: readonly LineRow[];
  readonly end: number;
}

/**
 * Runs a line-number program (DWARF 5, sections 6.2.2 and 6.2.5) and hands over its sequences one by one, so that those
 * before a damaged place are not lost. Files that the program defines itself are added to the header.
 */
export function* runLineProgram(header: LineHeader): Generator<LineSequence> {
  const { program, minimumInstructionBytes, operationsPerInstruction, lineBase, lineRange, opcodeBase } =
    header;
  let rows: LineRow[] = [];
  let address = 0;
  let operation = 0;
  let file = 1;
  let line = 1;

  const advance = (operations: number): void => {
    const passed = operation + operations;
    address += minimumInstructionBytes * Math.floor(passed / operationsPerInstruction);
    operation = passed % operationsPerInstruction;
  };
  const append = (): void => {
    if (address < (rows.at(-1)?.address ?? 0)) throw new MalformedDebugData('addresses that descend');
    rows.push({ address, file, line });
  };

  while (!program.isAtEnd) {
    const opcode = program.u8();
    if (opcode >= opcodeBase) {
      const special = opcode - opcodeBase;
      advance(Math.floor(special / lineRange));
      line += lineBase + (special % lineRange);
      append();
      continue;
    }
    switch (opcode) {
      case 0: {
        const sizeBytes = program.uleb();
        const extended = program.part(sizeBytes);
        switch (extended.u8()) {
          case 1: // DW_LNE_end_sequence
            if (rows.length > 0) yield { rows, end: address };
            rows = [];
            address = operation = 0;
            file = line = 1;
            break;
          case 2: // DW_LNE_set_address
            address = extended.unsigned(sizeBytes - 1);
            operation = 0;
            break;
          case 3: // DW_LNE_define_file
            header.files.push(readOldFile(extended, extended.text(), header.directories));
            break;
        }
        break;
      }
      case 1: // DW_LNS_copy
        append();
        break;
      case 2: // DW_LNS_advance_pc
        advance(program.uleb());
        break;
      case 3: // DW_LNS_advance_line
        line += program.sleb();
        break;
      case 4: // DW_LNS_set_file
        file = program.uleb();
        break;
      case 8: // DW_LNS_const_add_pc
        advance(Math.floor((255 - opcodeBase) / lineRange));
        break;
      case 9: // DW_LNS_fixed_advance_pc
        address += program.u16();
        operation = 0;
        break;
      default:
        // Columns, statements, blocks, prologues, instruction sets and what is yet to come: their operands are numbers.
        for (let left = header.operandCounts[opcode - 1]; left > 0; left--) program.uleb();
    }
  }
}
