// Deep and mutual recursion, large frames, many arguments, structures by value, variable arguments, functions by pointer.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct large {
  long values[9];
  double ratio;
};

struct pair {
  double x;
  long y;
};

static unsigned ackermann(unsigned m, unsigned n) {
  if (m == 0) return n + 1;
  return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static int is_odd(unsigned n);
static int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1); }
static int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1); }

static unsigned deep(unsigned depth) {
  volatile unsigned char room[700];
  memset((void *)room, (int)depth, sizeof room);
  unsigned below = depth == 0 ? 0 : deep(depth - 1);
  return below + room[depth % 700];
}

static struct large twice(struct large given) {
  for (int i = 0; i < 9; i++) given.values[i] *= 2;
  given.ratio *= 2;
  return given;
}

static struct pair swapped(struct pair given) { return (struct pair){(double)given.y, (long)given.x}; }

static double sum(int count, ...) {
  va_list arguments;
  va_start(arguments, count);
  double total = 0;
  for (int i = 0; i < count; i++) total += i % 2 ? va_arg(arguments, double) : va_arg(arguments, int);
  va_end(arguments);
  return total;
}

static long many(int a, long b, char c, short d, unsigned e, long f, int g, long h, char i, double x, float y) {
  return a + 2 * b + 3 * c + 4 * d + 5 * (long)e + 6 * f + 7 * g + 8 * h + 9 * i + (long)(10 * x) + (long)(11 * y);
}

static void hanoi(int discs, int from, int to, unsigned *moves) {
  if (discs == 0) return;
  hanoi(discs - 1, from, 6 - from - to, moves);
  *moves = *moves * 31 + (unsigned)(from * 10 + to);
  hanoi(discs - 1, 6 - from - to, to, moves);
}

int main(void) {
  printf("%u %d %d %u\n", ackermann(2, 60), is_even(5000), is_odd(5001), deep(6000));
  struct large given = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, 0.25}, doubled = twice(twice(given));
  printf("%ld %ld %g %ld\n", doubled.values[0], doubled.values[8], doubled.ratio, given.values[8]);
  struct pair pair = swapped((struct pair){3.75, -8});
  printf("%g %ld\n", pair.x, pair.y);
  printf("%g\n", sum(12, 1, 2.5, 3, 4.5, 5, 6.5, 7, 8.5, 9, 10.5, 11, 12.5));
  long (*volatile pointer)(int, long, char, short, unsigned, long, int, long, char, double, float) = many;
  printf("%ld\n", pointer(-1, 2, 'c', -4, 5, 6, -7, 8, 'i', 1.5, 2.5f));
  unsigned moves = 0;
  hanoi(12, 1, 3, &moves);
  printf("%u\n", moves);
  return 0;
}
