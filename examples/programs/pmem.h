/* What a program needs for persistent memory: a file mapped as memory, flushes, fences, stores that do not tear. */
#ifndef PMEM_H
#define PMEM_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_BYTES 64
#define INLINE static inline __attribute__((always_inline))

/* Begins to write back the cache lines that hold these bytes. They are durable after the next fence, not before. */
INLINE void flush(const void *start, size_t size) {
  uintptr_t line = (uintptr_t)start & ~(uintptr_t)(LINE_BYTES - 1);
  for (; line < (uintptr_t)start + size; line += LINE_BYTES)
    __asm__ volatile("clwb (%0)" : : "r"(line) : "memory");
}

/* Waits until all that this thread flushed, and stored with `stream`, is durable. */
INLINE void fence(void) { __asm__ volatile("sfence" : : : "memory"); }

INLINE void persist(const void *start, size_t size) {
  flush(start, size);
  fence();
}

/* One store of eight aligned bytes: after a crash they are the old or the new ones, never a mixture. */
INLINE void store(uint64_t *to, uint64_t value) { *(volatile uint64_t *)to = value; }

/* The same past the caches: needs no flush, only a fence, and until then keeps no order with other stores. */
INLINE void stream(uint64_t *to, uint64_t value) {
  __asm__ volatile("movnti %1, %0" : "=m"(*to) : "r"(value));
}

static void unusable(const char *path) {
  perror(path);
  exit(2);
}

/* Maps a pool, made of zeros when it is not there yet. Each line of output leaves the program at once. */
static void *map_pool(const char *path, size_t size) {
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  int file = open(path, O_RDWR | O_CREAT, 0644);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) unusable(path);
  if (status.st_size < (off_t)size && ftruncate(file, size) != 0) unusable(path);
  void *pool = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (pool == MAP_FAILED) unusable(path);
  close(file);
  return pool;
}

/* What a program says when its own check finds that a crash has damaged the pool. */
static void damaged(const char *what, uint64_t where) {
  fprintf(stderr, "damaged: %s %llu\n", what, (unsigned long long)where);
  exit(1);
}

#endif
