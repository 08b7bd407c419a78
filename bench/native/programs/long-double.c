// Arithmetic of 80 bits: operations, comparisons, conversions and the library's functions.
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static volatile long double operands[] = {0.0L,  -0.0L, 1.0L, -1.0L, 3.0L, 0.1L, 1e20L, -1e-20L, 1e4930L, 3.6e-4951L,
                                          1.5L, 2.5L, 9223372036854775807.0L, 18446744073709551615.0L, INFINITY};

int main(void) {
  int count = sizeof operands / sizeof *operands;
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < count; j++) {
      long double a = operands[i], b = operands[j];
      printf("%La %La %La %La %d%d%d%d\n", a + b, a - b, fabsl(a * b), fabsl(a), a < b, a <= b, a == b,
             isunordered(a, b) != 0);
      if (b != 0 && !isinf(a)) printf("%La %La %La\n", a / b, fmodl(a, b), remainderl(a, b));
    }
  }
  for (int i = 0; i < count - 1; i++) {
    long double a = operands[i];
    printf("%La %La %La %La %La %La\n", sqrtl(fabsl(a)), floorl(a), ceill(a), truncl(a), rintl(a), roundl(a));
    int exponent;
    long double fraction = frexpl(a, &exponent);
    printf("%La %d %La %a %a\n", fraction, exponent, ldexpl(fraction, 7), (double)a, (float)a);
    if (fabsl(a) < 1e18L) printf("%lld %d\n", (long long)a, (int)(a / 1e10L));
  }
  static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  for (int i = 0; i < 4; i++) {
    fesetround(modes[i]);
    volatile long double one = 1, three = 3;
    volatile double x = 1, y = 3;
    volatile long double big = 1e18L + 0.5L;
    printf("%La %La %a %a %lld %La\n", one / three, -one / three, x / y, -x / y, (long long)rintl(big), rintl(-big));
  }
  fesetround(FE_TONEAREST);
  uint64_t bits = UINT64_MAX;
  volatile uint64_t *unoptimized = &bits;
  printf("%La %a %.1f\n", (long double)*unoptimized, (double)*unoptimized, (float)*unoptimized);
  return 0;
}
