/*
 * A persistent B-tree of order 3, an ordered set of numbers: tree POOL N inserts N numbers.
 *
 * An insertion never alters a node that is in use. It copies the nodes from the leaf up to the root, makes the copies
 * durable, and then lets the root, one word, point to the new ones. Nodes that the root does not lead to are free.
 * Build with -DWRONG=NAME for a tree that is wrong in one way.
 */
#include "pmem.h"
#include <string.h>

enum {
  NOTHING,
  ONLY_TOP_FLUSHED, /* of the copied nodes only the topmost is flushed */
  MISSING_FENCE,    /* the copies are flushed, but nothing waits for them before the root is stored */
  IN_PLACE,         /* a leaf with room is altered where it is: a crash can come between its words */
};
#ifndef WRONG
#define WRONG NOTHING
#endif

#define MAGIC 0x656572746c726165
#define KEYS 2
#define NODES 127

struct node {
  uint64_t count; /* of keys, 1 or 2 */
  uint64_t total; /* of keys in this node and below */
  uint64_t keys[KEYS];
  uint64_t children[KEYS + 1]; /* numbers of nodes; 0: none, in a leaf */
} __attribute__((aligned(LINE_BYTES)));

struct pool {
  uint64_t magic;
  uint64_t root; /* number of a node, from 1; 0: the tree is empty */
  struct node nodes[NODES];
};

/* A node that an insertion made, and what it had to split off to the right of it. */
struct made {
  uint64_t node, middle_key, right;
};

static char used[NODES + 1];

static struct node *node_of(struct pool *pool, uint64_t number) { return &pool->nodes[number - 1]; }

static void create(struct pool *pool) {
  store(&pool->root, 0);
  persist(&pool->root, sizeof pool->root);
  store(&pool->magic, MAGIC);
  persist(&pool->magic, sizeof pool->magic);
}

/* Checks and marks what lies below a number of a node, between two keys. Returns how many keys that are. */
static uint64_t visit(struct pool *pool, uint64_t number, uint64_t above, uint64_t below, int height) {
  if (height == 0 && number == 0) return 0;
  if (height == 0 || number == 0 || number > NODES || used[number]) damaged("link to node", number);
  used[number] = 1;
  struct node *node = node_of(pool, number);
  if (node->count < 1 || node->count > KEYS) damaged("node", number);
  uint64_t total = node->count;
  for (uint64_t at = 0; at <= node->count; at++) {
    uint64_t next = at < node->count ? node->keys[at] : below;
    if (next <= above) damaged("order of keys in node", number);
    total += visit(pool, node->children[at], above, next, height - 1);
    above = next;
  }
  if (total != node->total) damaged("total of node", number);
  return total;
}

/* All leaves are equally deep. Returns the number of keys. */
static uint64_t verify(struct pool *pool) {
  int height = 0;
  for (uint64_t number = pool->root; number != 0; number = node_of(pool, number)->children[0])
    if (number > NODES || ++height > NODES) damaged("height at node", number);
  memset(used, 0, sizeof used);
  return visit(pool, pool->root, 0, UINT64_MAX, height);
}

/* Writes a node from count keys and count + 1 children, to where none is. */
static uint64_t make(struct pool *pool, uint64_t count, const uint64_t *keys, const uint64_t *children) {
  uint64_t number = 1;
  while (number <= NODES && used[number]) number++;
  if (number > NODES) {
    fprintf(stderr, "the tree is full\n");
    exit(2);
  }
  used[number] = 1;
  struct node *node = node_of(pool, number);
  memset(node, 0, sizeof *node);
  node->total = node->count = count;
  for (uint64_t at = 0; at < count; at++) node->keys[at] = keys[at];
  for (uint64_t at = 0; at <= count; at++) {
    node->children[at] = children[at];
    if (children[at] != 0) node->total += node_of(pool, children[at])->total;
  }
  if (WRONG != ONLY_TOP_FLUSHED) flush(node, sizeof *node);
  return number;
}

static struct made insert_below(struct pool *pool, uint64_t number, uint64_t key) {
  if (number == 0) return (struct made){.node = 0, .middle_key = key, .right = 0};
  struct node *node = node_of(pool, number);
  uint64_t keys[KEYS + 1], children[KEYS + 2], at = 0;
  while (at < node->count && node->keys[at] < key) at++;

  struct made below = insert_below(pool, node->children[at], key);
  int more = below.middle_key != 0;
  memcpy(keys, node->keys, at * sizeof *keys);
  memcpy(children, node->children, at * sizeof *children);
  children[at] = below.node;
  if (more) {
    keys[at] = below.middle_key;
    children[at + 1] = below.right;
  }
  memcpy(keys + at + more, node->keys + at, (node->count - at) * sizeof *keys);
  memcpy(children + at + 1 + more, node->children + at + 1, (node->count - at) * sizeof *children);

  uint64_t count = node->count + more;
  if (count <= KEYS) return (struct made){.node = make(pool, count, keys, children)};
  uint64_t left = make(pool, 1, keys, children), right = make(pool, 1, keys + 2, children + 2);
  return (struct made){.node = left, .middle_key = keys[1], .right = right};
}

static int contains(struct pool *pool, uint64_t number, uint64_t key) {
  if (number == 0) return 0;
  struct node *node = node_of(pool, number);
  uint64_t at = 0;
  while (at < node->count && node->keys[at] < key) at++;
  return (at < node->count && node->keys[at] == key) || contains(pool, node->children[at], key);
}

/* Only where the leaf is all of the tree, and has room. */
static int insert_in_place(struct pool *pool, uint64_t key) {
  if (pool->root == 0) return 0;
  struct node *leaf = node_of(pool, pool->root);
  if (leaf->children[0] != 0 || leaf->count == KEYS) return 0;
  uint64_t least = leaf->keys[0] < key ? leaf->keys[0] : key;
  store(&leaf->keys[1], leaf->keys[0] ^ key ^ least);
  store(&leaf->keys[0], least);
  store(&leaf->count, 2);
  store(&leaf->total, 2);
  persist(leaf, sizeof *leaf);
  return 1;
}

static void insert(struct pool *pool, uint64_t key) {
  if (contains(pool, pool->root, key)) return;
  if (WRONG == IN_PLACE && insert_in_place(pool, key)) return;
  verify(pool);
  struct made top = insert_below(pool, pool->root, key);
  uint64_t root = top.node;
  if (top.middle_key != 0) root = make(pool, 1, &top.middle_key, (uint64_t[]){top.node, top.right});
  if (WRONG == ONLY_TOP_FLUSHED) flush(node_of(pool, root), sizeof(struct node));
  if (WRONG != MISSING_FENCE) fence();
  store(&pool->root, root);
  persist(&pool->root, sizeof pool->root);
}

static void print_below(struct pool *pool, uint64_t number) {
  if (number == 0) return;
  struct node *node = node_of(pool, number);
  for (uint64_t at = 0; at <= node->count; at++) {
    print_below(pool, node->children[at]);
    if (at < node->count) printf(" %llu", (unsigned long long)node->keys[at]);
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s POOL N\n", argv[0]);
    return 2;
  }
  struct pool *pool = map_pool(argv[1], sizeof *pool);
  if (pool->magic != MAGIC) create(pool);
  printf("tree of %llu:", (unsigned long long)verify(pool));
  print_below(pool, pool->root);
  printf("\n");
  for (int done = 1; done <= atoi(argv[2]); done++) {
    insert(pool, 1 + done * 37 % 101);
    printf("done %d\n", done);
  }
  return 0;
}
