// Elementary functions of the C library in double and float, and the exceptions they raise.
#include <fenv.h>
#include <math.h>
#include <stdio.h>

int main(void) {
  static volatile double arguments[] = {0, 0.5, 1, 1.5, 2, 3, 10, 100, 1e-10, 1e10, -0.5, -1, -2, -7.25, 1e300, 710};
  for (unsigned i = 0; i < sizeof arguments / sizeof *arguments; i++) {
    double x = arguments[i];
    printf("%g: %a %a %a %a %a\n", x, sin(x), cos(x), tan(x), exp(x / 8), log(fabs(x) + 0.25));
    printf("%a %a %a %a %a\n", sqrt(fabs(x)), cbrt(x), pow(fabs(x), 0.3), atan2(x, 2), hypot(x / 1e3, 3));
    printf("%a %a %a %a %a\n", sinh(x / 9e2), tanh(x), erf(x), tgamma(fabs(x) / 9e2 + 1), lgamma(fabs(x) + 1));
    printf("%a %a %a %a\n", floor(x), ceil(x), round(x), nearbyint(x));
    float f = (float)x;
    printf("%a %a %a %a\n", (double)sinf(f), (double)expf(f / 9), (double)logf(fabsf(f) + 1), (double)powf(2, f / 99));
  }
  volatile double zero = 0, one = 1, large = 1e308, three = 3;
  static const int exceptions[] = {FE_DIVBYZERO, FE_INVALID, FE_OVERFLOW, FE_UNDERFLOW, FE_INEXACT};
  volatile double results[5];
  for (int i = 0; i < 5; i++) {
    feclearexcept(FE_ALL_EXCEPT);
    switch (i) {
      case 0: results[0] = one / zero; break;
      case 1: results[1] = zero / zero; break;
      case 2: results[2] = large * large; break;
      case 3: results[3] = 1e-300 / (large * one); break;
      case 4: results[4] = one / three; break;
    }
    for (int j = 0; j < 5; j++) printf("%d", fetestexcept(exceptions[j]) != 0);
    printf(" %d\n", isnan(results[i]) != 0);
  }
  volatile double beyond[] = {1e19, -1e19, 2147483648.0, -2147483649.0, NAN, 4294967296.5};
  for (int i = 0; i < 6; i++) {
    volatile double x = beyond[i];
    int low;
    long long wide;
    __asm__("cvttsd2si %1, %0" : "=r"(low) : "x"(x));
    __asm__("cvttsd2si %1, %0" : "=r"(wide) : "x"(x));
    printf("%d %lld\n", low, wide);
  }
  return 0;
}
