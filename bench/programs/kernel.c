/* Integer work like that of CoreMark: a list sorted and searched, a matrix product, a state machine, a CRC over all of it.
   The argument is how often. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define NODES 128
#define SIZE 24

struct node {
  struct node *next;
  int16_t value;
  uint16_t index;
};

static struct node nodes[NODES];
static int16_t left[SIZE][SIZE], right[SIZE][SIZE];
static int32_t product[SIZE][SIZE];

static __attribute__((noinline)) uint16_t crc_byte(uint8_t byte, uint16_t crc) {
  for (int bit = 0; bit < 8; bit++) {
    int carry = (byte ^ crc) & 1;
    crc >>= 1;
    byte >>= 1;
    if (carry) crc ^= 0xa001;
  }
  return crc;
}

static uint16_t crc_word(uint32_t word, uint16_t crc) {
  for (int byte = 0; byte < 4; byte++) crc = crc_byte(word >> (8 * byte), crc);
  return crc;
}

typedef int (*order)(const struct node *, const struct node *);

static __attribute__((noinline)) int by_value(const struct node *a, const struct node *b) {
  return a->value - b->value;
}

static __attribute__((noinline)) int by_index(const struct node *a, const struct node *b) {
  return a->index - b->index;
}

static struct node *merge(struct node *a, struct node *b, order compare) {
  struct node head, *tail = &head;
  while (a && b) {
    struct node **smaller = compare(a, b) <= 0 ? &a : &b;
    tail->next = *smaller;
    tail = *smaller;
    *smaller = (*smaller)->next;
  }
  tail->next = a ? a : b;
  return head.next;
}

static struct node *sort(struct node *list, order compare) {
  if (!list || !list->next) return list;
  struct node *slow = list, *fast = list->next;
  while (fast && fast->next) {
    slow = slow->next;
    fast = fast->next->next;
  }
  struct node *second = slow->next;
  slow->next = 0;
  return merge(sort(list, compare), sort(second, compare), compare);
}

static __attribute__((noinline)) void multiply(void) {
  for (int row = 0; row < SIZE; row++)
    for (int column = 0; column < SIZE; column++) {
      int32_t sum = 0;
      for (int k = 0; k < SIZE; k++) sum += left[row][k] * right[k][column];
      product[row][column] = sum;
    }
}

/* Counts numbers in a text. */
static __attribute__((noinline)) int scan(const char *text) {
  enum { start, sign, integer, fraction, exponent, invalid } state = start;
  int numbers = 0;
  for (; *text; text++) {
    int is_digit = *text >= '0' && *text <= '9';
    if (*text == ',') {
      numbers += state == integer || state == fraction || state == exponent;
      state = start;
      continue;
    }
    switch (state) {
      case start: state = is_digit ? integer : *text == '+' || *text == '-' ? sign : invalid; break;
      case sign: state = is_digit ? integer : invalid; break;
      case integer: state = *text == '.' ? fraction : *text == 'e' ? exponent : is_digit ? integer : invalid; break;
      case fraction: state = *text == 'e' ? exponent : is_digit ? fraction : invalid; break;
      case exponent: state = is_digit || *text == '-' ? exponent : invalid; break;
      default: break;
    }
  }
  return numbers;
}

int main(int argc, char **argv) {
  int iterations = argc > 1 ? atoi(argv[1]) : 100;
  uint16_t crc = 0;
  for (int i = 0; i < SIZE * SIZE; i++) {
    left[i / SIZE][i % SIZE] = i * 7 % 101 - 50;
    right[i / SIZE][i % SIZE] = i * 13 % 97 - 48;
  }
  for (int i = 0; i < NODES; i++) {
    nodes[i].value = i * 37 % 127;
    nodes[i].index = i;
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
  }
  struct node *list = nodes;
  for (int iteration = 0; iteration < iterations; iteration++) {
    list = sort(list, by_value);
    for (struct node *node = list; node; node = node->next) crc = crc_word(node->value, crc);
    list = sort(list, by_index);
    multiply();
    for (int row = 0; row < SIZE; row++) crc = crc_word(product[row][iteration % SIZE], crc);
    left[iteration % SIZE][3] += crc & 7;
    crc = crc_word(scan("12,-3.5,7e-9,+x,1234567890,0.25e1,,--,42.42,"), crc);
  }
  printf("%d %04x\n", iterations, crc);
  return 0;
}
