// A list in a file on persistent memory: stores, non-temporal stores, all three flushes and fences, counted as they are issued.
// arguments: pool
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct node {
  uint64_t next, value, stamp[6];
};

struct pool {
  uint64_t head, used, padding[6];
  struct node nodes[500];
};

static unsigned long flushes, fences;

static void flush(const void *line) {
  switch (flushes++ % 3) {
    case 0: __asm__ volatile("clwb (%0)" : : "r"(line) : "memory"); break;
    case 1: __asm__ volatile("clflushopt (%0)" : : "r"(line) : "memory"); break;
    default: __asm__ volatile("clflush (%0)" : : "r"(line) : "memory");
  }
}

static void fence(void) {
  if (fences++ % 4) __asm__ volatile("sfence" : : : "memory");
  else __asm__ volatile("mfence" : : : "memory");
}

int main(int argc, char **argv) {
  int file = open(argc > 1 ? argv[1] : "pool", O_RDWR | O_CREAT, 0644);
  if (ftruncate(file, sizeof(struct pool))) return 1;
  struct pool *pool = mmap(NULL, sizeof *pool, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  for (uint64_t i = 0; i < 300; i++) {
    struct node *node = &pool->nodes[pool->used];
    node->value = i * i;
    node->next = pool->head;
    for (int j = 0; j < 6; j++) __asm__ volatile("movnti %1, %0" : "=m"(node->stamp[j]) : "r"(i + (uint64_t)j));
    flush(node);
    fence();
    pool->head = ++pool->used;
    flush(pool);
    fence();
  }
  uint64_t sum = 0;
  for (uint64_t at = pool->head; at; at = pool->nodes[at - 1].next) sum = sum * 31 + pool->nodes[at - 1].value;
  msync(pool, sizeof *pool, MS_SYNC);
  munmap(pool, sizeof *pool);
  printf("sum=%llx flushes=%lu fences=%lu\n", (unsigned long long)sum, flushes, fences);
  return 0;
}
