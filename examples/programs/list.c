/*
 * A persistent list: list POOL N pushes N items.
 *
 * A node is written and made durable before the head points to it. The head is one word, so a crash leaves
 * the list with or without the new node. Build with -DWRONG=NAME for a list that is wrong in one way.
 */
#include "pmem.h"
#include <string.h>

enum {
  NOTHING,
  MISSING_FLUSH,         /* the node is never flushed */
  MISSING_FENCE,         /* the node is flushed, but nothing waits for it before the head is stored */
  WRONG_LINE,            /* the line after the node is flushed */
  STACK_TEMPORARY,       /* the local copy of the node is flushed */
  HEAD_BEFORE_NODE,      /* the head is stored first: all is flushed in time, unless the cache evicts the head */
  POINTER_NOT_ITS_PLACE, /* the node that the head points to is flushed, not the head */
};
#ifndef WRONG
#define WRONG NOTHING
#endif

#define MAGIC 0x7473696c72616574 /* "tearlist" */
#define CAPACITY 255

struct node {
  uint64_t number; /* 1 for the first that was pushed */
  uint64_t value;
  uint64_t next; /* offset of the node in the pool; 0: none */
  uint64_t unused[5];
} __attribute__((aligned(LINE_BYTES)));

struct pool {
  uint64_t magic;
  uint64_t head; /* offset of the newest node; 0: the list is empty */
  struct node nodes[CAPACITY];
};

static struct node *node_at(struct pool *pool, uint64_t offset) {
  return (struct node *)((char *)pool + offset);
}

static uint64_t value_of(uint64_t number) { return number * 1000 + 7; }

static void create(struct pool *pool) {
  store(&pool->head, 0);
  persist(&pool->head, sizeof pool->head);
  store(&pool->magic, MAGIC);
  persist(&pool->magic, sizeof pool->magic);
}

/* Walks the list and returns how long it is. Nodes lie in the pool in the order in which they were pushed. */
static uint64_t verify(struct pool *pool) {
  uint64_t length = pool->head / sizeof(struct node), number = length;
  if (pool->head % sizeof(struct node) != 0 || length > CAPACITY) damaged("head", pool->head);
  for (uint64_t offset = pool->head; number > 0; number--) {
    if (offset != number * sizeof(struct node)) damaged("link to node", number);
    struct node *node = node_at(pool, offset);
    if (node->number != number || node->value != value_of(number)) damaged("node", number);
    offset = node->next;
  }
  return length;
}

static void push(struct pool *pool) {
  uint64_t old_head = pool->head, offset = old_head + sizeof(struct node);
  if (offset >= sizeof *pool) {
    fprintf(stderr, "the list is full\n");
    exit(2);
  }
  uint64_t number = offset / sizeof(struct node);
  struct node *node = node_at(pool, offset);
  struct node fresh = {.number = number, .value = value_of(number), .next = old_head};

  if (WRONG == HEAD_BEFORE_NODE) store(&pool->head, offset);
  memcpy(node, &fresh, sizeof fresh);
  if (WRONG == WRONG_LINE) flush(node + 1, sizeof *node);
  else if (WRONG == STACK_TEMPORARY) flush(&fresh, sizeof fresh);
  else if (WRONG != MISSING_FLUSH) flush(node, sizeof *node);
  if (WRONG != MISSING_FENCE) fence();

  if (WRONG != HEAD_BEFORE_NODE) store(&pool->head, offset);
  if (WRONG == POINTER_NOT_ITS_PLACE) flush(node_at(pool, pool->head), sizeof pool->head);
  else flush(&pool->head, sizeof pool->head);
  fence();
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s POOL N\n", argv[0]);
    return 2;
  }
  struct pool *pool = map_pool(argv[1], sizeof *pool);
  if (pool->magic != MAGIC) create(pool);
  uint64_t length = verify(pool);
  printf("list of %llu\n", (unsigned long long)length);
  for (int done = 1; done <= atoi(argv[2]); done++) {
    push(pool);
    printf("done %d\n", done);
  }
  return 0;
}
