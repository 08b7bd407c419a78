/* What a C library does with x87: prints and reads numbers, rounds them in all directions, and gets a signal for an exception. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252u;

static uint64_t draw(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static long double drawn(void) { return (long double)(int64_t)draw(); }

static void print_and_read(void) {
  long double a = drawn() * powl(2, (int)(draw() % 200) - 100), b = drawn() / (1 + draw() % 1000);
  printf("%.20Lg %La %.17g %Lf %.20Lg\n", a + b, a * b, (double)a, fmodl(b, 3.7L), a / b);
  printf("%.20Lg %.20Lg %lld\n", sqrtl(fabsl(a)), remainderl(b, a), (long long)(b / 1e3L));
  printf("%.20Lg %.20Lg %.20Lg\n", floorl(b / 7), rintl(b / 3), truncl(b / 9));
  char text[100];
  snprintf(text, sizeof text, "%.25Lge%d", a, (int)(draw() % 400) - 200);
  printf("%s %.20Lg %.17g %.9g\n", text, strtold(text, 0), strtod(text, 0), strtof(text, 0));
}

static void functions(void) {
  long double x = drawn() / 1e18L;
  int exponent;
  printf("%.18Lg %.18Lg %.18Lg\n", sinl(x), tanhl(x), cbrtl(x));
  printf("%.17g %.17g %.17g\n", sin((double)x), exp((double)x), pow(fabs((double)x), 0.3));
  printf("%La %d\n", frexpl(x, &exponent), exponent);
  printf("%La %d\n", ldexpl(x, -16440), ilogbl(x));
}

static sigjmp_buf caught;

static void on_exception(int signal) { siglongjmp(caught, signal); }

int main(void) {
  for (int i = 0; i < 12; i++) print_and_read();
  for (int i = 0; i < 12; i++) functions();
  printf("%Lg %Lg %Lg\n", LDBL_MAX, LDBL_MIN, LDBL_MIN * LDBL_EPSILON);

  static const int roundings[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  for (int i = 0; i < 4; i++) {
    fesetround(roundings[i]);
    volatile long double one = 1, three = 3;
    printf("%.21Lg %.20Lg\n", one / three, rintl(2.5L * one));
  }
  fesetround(FE_TONEAREST);

  fenv_t environment;
  volatile long double zero = 0, quotient;
  feholdexcept(&environment);
  quotient = 1 / zero;
  printf("divided by zero: %d\n", fetestexcept(FE_DIVBYZERO) != 0);
  fesetenv(&environment);

  signal(SIGFPE, on_exception);
  uint16_t unmasked = 0x37b;
  __asm__ volatile("fldcw %0" : : "m"(unmasked));
  int signal = sigsetjmp(caught, 1);
  if (signal == 0) {
    quotient = 1 / zero;
    quotient = quotient + 1;
  }
  printf("signal %d\n", signal);
  return 0;
}
