// printf: every conversion, with flags, widths and precisions.
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

static const double numbers[] = {0.0, -0.0, 1.0, -1.5, 0.1, 1e-5, 123456789.0, 1e15, 1e16, 1e22, 9.5, 0.5, 2.5,
                                 1e300, DBL_MAX, DBL_MIN, DBL_TRUE_MIN, DBL_EPSILON, 3.141592653589793, 6.02214076e23};

int main(void) {
  static const int integers[] = {0, 1, -1, 42, INT_MAX, INT_MIN};
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
    int n = integers[i];
    printf("[%d] [%i] [%u] [%o] [%x] [%X] [%#o] [%#x] [%+d] [% d] [%08d] [%-8d] [%.5d] [%8.3d] [%+.0d]\n", n, n,
           (unsigned)n, (unsigned)n, (unsigned)n, (unsigned)n, (unsigned)n, (unsigned)n, n, n, n, n, n, n, n);
    printf("[%hhd] [%hd] [%ld] [%lld] [%jd] [%zd] [%td]\n", (signed char)n, (short)n, (long)n * 65537,
           (long long)n * 4294967297, (intmax_t)n, (ptrdiff_t)n, (ptrdiff_t)n);
  }
  printf("[%" PRIu64 "] [%" PRIx64 "] [%" PRId64 "]\n", UINT64_MAX, UINT64_MAX, INT64_MIN);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    double x = numbers[i];
    printf("[%f] [%e] [%g] [%a] [%F] [%E] [%G] [%A]\n", x, x, x, x, x, x, x, x);
    printf("[%.0f] [%#.0f] [%.1f] [%.3f] [%10.2f] [%-10.2f] [%+f] [% f] [%012.3f]\n", x, x, x, x, x, x, x, x, x);
    printf("[%.17g] [%.0e] [%.20e] [%#g] [%.40f] [%.3a] [%.0a]\n", x, x, x, x, x, x, x);
    long double l = (long double)x / 3;
    printf("[%Lf] [%Le] [%Lg] [%La] [%.30Lf] [%.25Le]\n", l, l, l, l, l, l);
  }
  printf("[%f] [%F] [%e] [%g] [%5.1f] [%-8f] [%f] [%+f]\n", INFINITY, INFINITY, -INFINITY, INFINITY, INFINITY,
         INFINITY, (double)NAN, (double)NAN);
  printf("[%.300Lf]\n[%.30Lg]\n", LDBL_MIN, LDBL_MAX);
  printf("[%s] [%10s] [%-10s] [%.2s] [%*.*s] [%c] [%5c] [%%]\n", "text", "text", "text", "text", 7, 3, "text", 'c', 'd');
  printf("[%p] [%ls] [%lc]\n", (void *)0x1234, L"wide", (wint_t)L'w');
  int count = 0;
  printf("123%n456\n", &count);
  printf("%d %2$s %1$d\n" + 3, 7, "positions");
  char small[8];
  int wanted = snprintf(small, sizeof small, "%s", "longer than this");
  printf("%d %d %s\n", count, wanted, small);
  return 0;
}
