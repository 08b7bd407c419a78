import { programOf } from './machine-code.ts';

/** Instructions of one of its loops. */
export const LOOP_INSTRUCTIONS = 3 * 0x100000;

/** Stores over and over to the same place on its stack. */
const LOOP = [
  ...[0xb9, 0x00, 0x00, 0x10, 0x00], // mov ecx, 0x100000
  ...[0x89, 0x4c, 0x24, 0xf0], // mov [rsp-16], ecx
  ...[0xff, 0xc9], // dec ecx
  ...[0x75, 0xf8], // jnz to the store
];

/**
 * A program that does the same whatever its argument is, but for one store to its stack: between two loops it copies the
 * first byte of the argument there.
 */
export const copyingProgram = (): Uint8Array =>
  programOf([
    ...LOOP,
    ...[0x48, 0x8b, 0x74, 0x24, 0x10], // mov rsi, [rsp+16]
    ...[0x8a, 0x06], // mov al, [rsi]
    ...[0x88, 0x44, 0x24, 0xf8], // mov [rsp-8], al
    ...LOOP,
    ...[0xb8, 0x3c, 0x00, 0x00, 0x00], // mov eax, exit
    ...[0x31, 0xff], // xor edi, edi
    ...[0x0f, 0x05], // syscall
  ]);
