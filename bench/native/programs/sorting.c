// qsort and bsearch: comparisons through function pointers, elements of several sizes.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct record {
  int key;
  char name[13];
  double weight;
};

static int by_int(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static int by_byte(const void *a, const void *b) {
  return *(const unsigned char *)a - *(const unsigned char *)b;
}

static int by_name(const void *a, const void *b) {
  const struct record *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : by_int(&x->key, &y->key);
}

static int by_weight(const void *a, const void *b) {
  const struct record *x = a, *y = b;
  if (x->weight != y->weight) return x->weight < y->weight ? -1 : 1;
  return by_int(&x->key, &y->key);
}

static uint64_t state = 88172645463325252u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static unsigned digest(const void *bytes, size_t size) {
  unsigned sum = 2166136261u;
  for (size_t i = 0; i < size; i++) sum = (sum ^ ((const unsigned char *)bytes)[i]) * 16777619u;
  return sum;
}

int main(void) {
  static int numbers[5000];
  static unsigned char bytes[3000];
  static struct record records[400];
  for (int i = 0; i < 5000; i++) numbers[i] = (int)(next() % 9000) - 4500;
  for (int i = 0; i < 3000; i++) bytes[i] = (unsigned char)next();
  for (int i = 0; i < 400; i++) {
    records[i].key = i;
    snprintf(records[i].name, sizeof records[i].name, "n%u", (unsigned)(next() % 60));
    records[i].weight = (double)(int64_t)next() / 7.0;
  }
  int wanted = numbers[77];
  qsort(numbers, 5000, sizeof *numbers, by_int);
  qsort(bytes, sizeof bytes, 1, by_byte);
  printf("%d %d %08x %08x\n", numbers[0], numbers[4999], digest(numbers, sizeof numbers),
         digest(bytes, sizeof bytes));
  int *found = bsearch(&wanted, numbers, 5000, sizeof *numbers, by_int);
  printf("%s\n", found && *found == wanted ? "found" : "lost");
  wanted = 10000;
  printf("%s\n", bsearch(&wanted, numbers, 5000, sizeof *numbers, by_int) ? "found" : "none");
  qsort(records, 400, sizeof *records, by_name);
  for (int i = 0; i < 400; i += 37) printf("%s %d\n", records[i].name, records[i].key);
  qsort(records, 400, sizeof *records, by_weight);
  for (int i = 0; i < 400; i += 37) printf("%.17g %d\n", records[i].weight, records[i].key);
  return 0;
}
