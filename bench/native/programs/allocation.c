// malloc, calloc, realloc, free, aligned_alloc: what is written stays, whatever is taken and given back in between.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 200, STEPS = 1500 };

static uint64_t state = 1;

static unsigned next(unsigned limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(state >> 33) % limit;
}

int main(void) {
  static unsigned char *blocks[SLOTS];
  static size_t sizes[SLOTS];
  unsigned long damaged = 0, taken = 0, sum = 0;
  for (int step = 0; step < STEPS; step++) {
    unsigned slot = next(SLOTS);
    size_t size = next(20) == 0 ? next(200000) + 1 : next(600) + 1;
    for (size_t i = 0; i < sizes[slot]; i += 61) damaged += blocks[slot][i] != (unsigned char)(slot + i);
    size_t filled = 0;
    switch (next(4)) {
      case 0:
        free(blocks[slot]);
        blocks[slot] = NULL;
        sizes[slot] = 0;
        continue;
      case 1:
        free(blocks[slot]);
        blocks[slot] = calloc(size, 1);
        for (size_t i = 0; i < size; i++) damaged += blocks[slot][i] != 0;
        break;
      case 2:
        filled = sizes[slot] < size ? sizes[slot] : size;
        blocks[slot] = realloc(blocks[slot], size);
        for (size_t i = 0; i < filled; i += 61) damaged += blocks[slot][i] != (unsigned char)(slot + i);
        break;
      default:
        free(blocks[slot]);
        blocks[slot] = aligned_alloc(64, (size + 63) / 64 * 64);
        damaged += (uintptr_t)blocks[slot] % 64 != 0;
    }
    sizes[slot] = size;
    taken += size;
    for (size_t i = 0; i < size; i++) blocks[slot][i] = (unsigned char)(slot + i);
    sum += blocks[slot][size / 2];
  }
  void *none = malloc(SIZE_MAX / 4);
  printf("%lu bytes, %lu damaged, %lu, %s\n", taken, damaged, sum, none ? "given" : "refused");
  char *line = NULL;
  size_t room = 0;
  FILE *memory = open_memstream(&line, &room);
  for (int i = 0; i < 3000; i++) fprintf(memory, "%d,", i);
  fclose(memory);
  printf("%zu %.20s %s\n", room, line, line + room - 10);
  free(line);
  return 0;
}
