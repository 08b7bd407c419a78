/*
 * A persistent log: log POOL N appends N records of different lengths.
 *
 * A record is written behind the tail, past the caches, and a fence makes it durable before the tail, one word,
 * takes it in. Build with -DWRONG=NAME for a log that is wrong in one way.
 */
#include "pmem.h"

enum {
  NOTHING,
  STREAM_WITHOUT_FENCE, /* nothing waits for the stores past the caches before the tail is stored */
  TAIL_BEFORE_RECORD,   /* the tail is stored first: all is durable in time, unless the cache evicts the tail */
  TAIL_NOT_FLUSHED,     /* a record that was reported as done can be lost */
  TORN_HEADER,          /* the tail and the number of records are two words, and a crash can come between */
};
#ifndef WRONG
#define WRONG NOTHING
#endif

#define MAGIC 0x676f6c7261656e31
#define WORDS 1008
#define LONGEST 4

struct pool {
  uint64_t magic;
  uint64_t tail;    /* number of words in use */
  uint64_t records; /* their number, where the log is wrong and counts them */
  uint64_t words[WORDS] __attribute__((aligned(LINE_BYTES)));
};

/* A record is a word with its number and length, and that many words. */
static uint64_t header_of(uint64_t number, uint64_t length) { return number << 8 | length; }
static uint64_t length_of(uint64_t number) { return 1 + number * 3 % LONGEST; }
static uint64_t word_of(uint64_t number, uint64_t place) { return (number << 32 | place) ^ 0x5aa55aa55aa55aa5; }

static void create(struct pool *pool) {
  store(&pool->tail, 0);
  store(&pool->records, 0);
  persist(pool, LINE_BYTES);
  store(&pool->magic, MAGIC);
  persist(&pool->magic, sizeof pool->magic);
}

/* Reads all records, and returns how many there are. */
static uint64_t verify(struct pool *pool) {
  if (pool->tail > WORDS) damaged("tail", pool->tail);
  uint64_t records = 0;
  for (uint64_t at = 0; at < pool->tail; records++) {
    uint64_t number = records + 1, length = length_of(number);
    if (at + 1 + length > pool->tail) damaged("end of record", number);
    if (pool->words[at] != header_of(number, length)) damaged("header of record", number);
    for (uint64_t place = 0; place < length; place++)
      if (pool->words[at + 1 + place] != word_of(number, place)) damaged("record", number);
    at += 1 + length;
  }
  if (WRONG == TORN_HEADER && pool->records != records) damaged("number of records", pool->records);
  return records;
}

static void append(struct pool *pool, uint64_t number) {
  uint64_t tail = pool->tail, length = length_of(number);
  if (tail + 1 + length > WORDS) {
    fprintf(stderr, "the log is full\n");
    exit(2);
  }

  if (WRONG == TAIL_BEFORE_RECORD) store(&pool->tail, tail + 1 + length);
  stream(&pool->words[tail], header_of(number, length));
  for (uint64_t place = 0; place < length; place++)
    stream(&pool->words[tail + 1 + place], word_of(number, place));
  if (WRONG != STREAM_WITHOUT_FENCE) fence();

  if (WRONG != TAIL_BEFORE_RECORD) store(&pool->tail, tail + 1 + length);
  if (WRONG == TORN_HEADER) store(&pool->records, number);
  if (WRONG != TAIL_NOT_FLUSHED) flush(&pool->tail, 2 * sizeof pool->tail);
  fence();
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s POOL N\n", argv[0]);
    return 2;
  }
  struct pool *pool = map_pool(argv[1], sizeof *pool);
  if (pool->magic != MAGIC) create(pool);
  uint64_t records = verify(pool);
  printf("log of %llu records, %llu words\n", (unsigned long long)records, (unsigned long long)pool->tail);
  for (int done = 1; done <= atoi(argv[2]); done++) {
    append(pool, records + done);
    printf("done %d\n", done);
  }
  return 0;
}
