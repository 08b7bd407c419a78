/* A ring of records in a file on persistent memory: each is written, flushed and fenced, then counted. The first argument is
   the file, the second how many records. */
#include <emmintrin.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define RECORDS 1023

struct record {
  uint64_t words[8];
};

struct pool {
  uint64_t count;
  uint64_t unused[7];
  struct record records[RECORDS];
};

static void persist(const void *line) {
  _mm_clflush(line);
  _mm_sfence();
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  uint64_t records = strtoull(argv[2], 0, 10);
  int file = open(argv[1], O_RDWR | O_CREAT, 0644);
  if (file < 0 || ftruncate(file, sizeof(struct pool))) return 1;
  struct pool *pool = mmap(0, sizeof *pool, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (pool == MAP_FAILED) return 1;
  for (uint64_t i = 0; i < records; i++) {
    struct record *record = &pool->records[i % RECORDS];
    for (int word = 0; word < 8; word++) record->words[word] = (i + word) * 0x9e3779b97f4a7c15u;
    persist(record);
    pool->count++;
    persist(&pool->count);
  }
  printf("%llu\n", (unsigned long long)pool->count);
  return 0;
}
