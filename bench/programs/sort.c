/* Sorts by a library function that calls back: indirect calls and returns. The argument is how often. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS 5000

static int numbers[NUMBERS];

static int ascending(const void *a, const void *b) {
  int left = *(const int *)a, right = *(const int *)b;
  return (left > right) - (left < right);
}

int main(int argc, char **argv) {
  int times = argc > 1 ? atoi(argv[1]) : 1;
  uint32_t state = 1, digest = 0;
  for (int time = 0; time < times; time++) {
    for (int i = 0; i < NUMBERS; i++) {
      state = state * 1103515245u + 12345;
      numbers[i] = state >> 3;
    }
    qsort(numbers, NUMBERS, sizeof *numbers, ascending);
    for (int i = 0; i < NUMBERS; i++) digest = digest * 31 + numbers[i];
  }
  printf("%08x\n", digest);
  return 0;
}
