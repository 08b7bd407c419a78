// Code that the program writes itself, executes, and changes again: on a page of its own and just ahead of the instruction pointer.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

typedef int function(void);

int main(void) {
  unsigned char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  unsigned char returns[] = {0xb8, 0, 0, 0, 0, 0xc3};  // mov eax, 0; ret
  int sum = 0;
  for (int i = 0; i < 200; i++) {
    returns[1] = (unsigned char)i;
    memcpy(page + i % 7, returns, sizeof returns);
    sum += ((function *)(void *)(page + i % 7))();
  }
  printf("%d\n", sum);

  // mov byte [rip + 1], 42; mov eax, 7; ret: the operand of the second instruction is overwritten by the first.
  static const unsigned char ahead[] = {0xc6, 0x05, 0x01, 0, 0, 0, 42, 0xb8, 7, 0, 0, 0, 0xc3};
  memcpy(page + 100, ahead, sizeof ahead);
  printf("%d %d\n", ((function *)(void *)(page + 100))(), ((function *)(void *)(page + 100))());

  // A loop that adds 1, 2, 3...: it increments the operand of its own addition.
  static const unsigned char loop[] = {0xb9, 10, 0, 0, 0,                    // mov ecx, 10
                                       0x31, 0xc0,                           // xor eax, eax
                                       0x83, 0xc0, 1,                        // add eax, 1
                                       0xfe, 0x05, 0xf9, 0xff, 0xff, 0xff,   // inc byte [the 1]
                                       0xff, 0xc9,                           // dec ecx
                                       0x75, 0xf3,                           // jnz add
                                       0xc3};
  memcpy(page + 200, loop, sizeof loop);
  printf("%d\n", ((function *)(void *)(page + 200))());

  // Across the boundary of two pages.
  returns[1] = 99;
  memcpy(page + 4093, returns, sizeof returns);
  printf("%d", ((function *)(void *)(page + 4093))());
  page[4096 - 2] = 100;
  page[4096] = 1;
  printf(" %d\n", ((function *)(void *)(page + 4093))());

  mprotect(page, 8192, PROT_READ | PROT_EXEC);
  printf("%d\n", ((function *)(void *)(page + 4093))());
  return 0;
}
