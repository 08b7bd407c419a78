import { Decoder, DecoderOptions, Formatter, FormatterSyntax } from 'iced-x86';

/** An instruction as people read it. */
export interface DisassembledInstruction {
  readonly address: number;
  /** In Intel's syntax: `mov [rax+8],rdx`. */
  readonly text: string;
}

/** The first instructions of these bytes, which lie at an address; fewer where the bytes end. */
export function disassemble(bytes: Uint8Array, address: number, count: number): DisassembledInstruction[] {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const formatter = new Formatter(FormatterSyntax.Intel);
  formatter.hexPrefix = '0x';
  formatter.hexSuffix = '';
  formatter.uppercaseHex = false;
  decoder.ip = BigInt(address);
  const found: DisassembledInstruction[] = [];
  try {
    while (found.length < count && decoder.canDecode) {
      const instruction = decoder.decode();
      found.push({ address: Number(instruction.ip), text: formatter.format(instruction) });
      instruction.free();
    }
  } finally {
    decoder.free();
    formatter.free();
  }
  return found;
}
