/*
 * A persistent hash table with an undo log: table POOL N puts N values, some under keys that are already there.
 *
 * What an operation is about to change is copied to the log first. While the log is marked as valid the operation has
 * not happened: recovery puts back what was there. Build with -DWRONG=NAME for a table that is wrong in one way.
 */
#include "pmem.h"
#include <string.h>

enum {
  NOTHING,
  LOG_NOT_FLUSHED,         /* the log is marked as valid though its contents may not be durable */
  LOG_WITHOUT_FENCE,       /* the same, of a log that is flushed but not waited for */
  UPDATE_NOT_FLUSHED,      /* the log is discarded while what it protects may not be durable */
  COUNT_AFTER_COMMIT,      /* the number of keys is no part of the operation, but follows it */
  TORN_UPDATE,             /* a value of two words, under a key that is there, is replaced without the log */
  RECOVERY_EATS_ITS_INPUT, /* recovery clears the log before it is done: harmless, unless recovery crashes, too */
};
#ifndef WRONG
#define WRONG NOTHING
#endif

#define MAGIC 0x656c626174657231
#define SLOTS 32

struct slot {
  uint64_t key; /* 0: free */
  uint64_t version;
  uint64_t value[2];
} __attribute__((aligned(LINE_BYTES)));

struct undo {
  uint64_t place; /* the slot that changes, and what it was; how many keys there were */
  uint64_t count;
  struct slot before;
} __attribute__((aligned(LINE_BYTES)));

struct pool {
  uint64_t magic;
  uint64_t valid __attribute__((aligned(LINE_BYTES))); /* 1: the operation in the log is under way */
  uint64_t count __attribute__((aligned(LINE_BYTES))); /* of slots in use */
  struct undo undo;
  struct slot slots[SLOTS];
};

INLINE void store_and_persist(uint64_t *to, uint64_t value) {
  store(to, value);
  persist(to, sizeof value);
}

static uint64_t value_of(uint64_t key, uint64_t version, uint64_t place) {
  return (key << 40 | version << 8 | place) * 0x9e3779b97f4a7c15;
}

static void create(struct pool *pool) {
  store_and_persist(&pool->valid, 0);
  store_and_persist(&pool->count, 0);
  memset(pool->slots, 0, sizeof pool->slots);
  persist(pool->slots, sizeof pool->slots);
  store_and_persist(&pool->magic, MAGIC);
}

/* Undoes the operation that a crash interrupted. A crash in here is no harm: the log stays until all is put back. */
static void recover(struct pool *pool) {
  if (!pool->valid) return;
  if (pool->undo.place >= SLOTS) damaged("place in the log", pool->undo.place);
  struct slot *slot = &pool->slots[pool->undo.place];
  *slot = pool->undo.before;
  pool->count = pool->undo.count;
  flush(slot, sizeof *slot);
  flush(&pool->count, sizeof pool->count);
  fence();
  if (WRONG == RECOVERY_EATS_ITS_INPUT) {
    memset(&pool->undo, 0, sizeof pool->undo);
    persist(&pool->undo, sizeof pool->undo);
  }
  store_and_persist(&pool->valid, 0);
}

static uint64_t place_of(struct pool *pool, uint64_t key) {
  uint64_t place = key * 11 % SLOTS;
  for (int tries = 0; tries < SLOTS; tries++, place = (place + 1) % SLOTS)
    if (pool->slots[place].key == key || pool->slots[place].key == 0) return place;
  fprintf(stderr, "the table is full\n");
  exit(2);
}

static void verify(struct pool *pool) {
  uint64_t count = 0;
  for (uint64_t place = 0; place < SLOTS; place++) {
    struct slot *slot = &pool->slots[place];
    if (slot->key == 0) continue;
    count++;
    if (place_of(pool, slot->key) != place) damaged("key in slot", place);
    for (int word = 0; word < 2; word++)
      if (slot->value[word] != value_of(slot->key, slot->version, word)) damaged("value of key", slot->key);
  }
  if (count != pool->count) damaged("count", pool->count);
}

static void put(struct pool *pool, uint64_t key, uint64_t version) {
  uint64_t place = place_of(pool, key);
  struct slot *slot = &pool->slots[place];
  int is_new = slot->key == 0, is_logged = is_new || WRONG != TORN_UPDATE;

  if (is_logged) {
    pool->undo.place = place;
    pool->undo.count = pool->count;
    pool->undo.before = *slot;
    if (WRONG != LOG_NOT_FLUSHED) flush(&pool->undo, sizeof pool->undo);
    if (WRONG != LOG_WITHOUT_FENCE) fence();
    store_and_persist(&pool->valid, 1);
  }

  slot->key = key;
  slot->version = version;
  for (int word = 0; word < 2; word++) slot->value[word] = value_of(key, version, word);
  if (WRONG != UPDATE_NOT_FLUSHED) flush(slot, sizeof *slot);
  if (is_new && WRONG != COUNT_AFTER_COMMIT) {
    pool->count++;
    flush(&pool->count, sizeof pool->count);
  }
  fence();

  if (is_logged) store_and_persist(&pool->valid, 0);
  if (is_new && WRONG == COUNT_AFTER_COMMIT) store_and_persist(&pool->count, pool->count + 1);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s POOL N\n", argv[0]);
    return 2;
  }
  struct pool *pool = map_pool(argv[1], sizeof *pool);
  if (pool->magic != MAGIC) create(pool);
  recover(pool);
  verify(pool);
  printf("table of %llu:", (unsigned long long)pool->count);
  for (int place = 0; place < SLOTS; place++) {
    struct slot *slot = &pool->slots[place];
    if (slot->key != 0) printf(" %llu.%llu", (unsigned long long)slot->key, (unsigned long long)slot->version);
  }
  printf("\n");
  for (int done = 1; done <= atoi(argv[2]); done++) {
    put(pool, done % 3 == 0 ? done / 3 : done, done);
    printf("done %d\n", done);
  }
  return 0;
}
