/*
 * What the processor of this machine makes of single x87 instructions. Reads a sequence of `struct input` from standard input
 * and writes one of `struct output`. The memory operand of an instruction is at rdi; a state is as FNSAVE stores it.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct input {
  uint8_t length, instruction[15];
  uint64_t flags;
  uint8_t memory[112], state[112];
};

struct output {
  uint64_t flags, rax;
  uint8_t memory[112], state[112];
};

typedef void (*Code)(void *memory, void *state, void *output_state, uint64_t flags, uint64_t *results);

int main(void) {
  uint8_t *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  static const uint8_t before[] = {
      0xdd, 0x26,       /* frstor (%rsi) */
      0x31, 0xc0,       /* xor %eax, %eax */
      0x51, 0x9d,       /* push %rcx; popf */
  };
  static const uint8_t after[] = {
      0x9c, 0x59,             /* pushf; pop %rcx */
      0x49, 0x89, 0x08,       /* mov %rcx, (%r8) */
      0x49, 0x89, 0x40, 0x08, /* mov %rax, 8(%r8) */
      0xdd, 0x32,             /* fnsave (%rdx) */
      0xdb, 0xe3,             /* fninit */
      0xc3,                   /* ret */
  };
  struct input input;
  struct output output;
  while (fread(&input, sizeof input, 1, stdin) == 1) {
    uint8_t *end = page;
    end = mempcpy(end, before, sizeof before);
    end = mempcpy(end, input.instruction, input.length);
    end = mempcpy(end, after, sizeof after);
    memset(&output, 0, sizeof output);
    memcpy(output.memory, input.memory, sizeof output.memory);
    ((Code)page)(output.memory, input.state, output.state, input.flags, &output.flags);
    fwrite(&output, sizeof output, 1, stdout);
  }
  return 0;
}
