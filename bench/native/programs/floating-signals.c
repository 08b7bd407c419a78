// A handler finds the floating-point state in its frame and leaves the program's own alone; unmasked exceptions end in SIGFPE.
#define _GNU_SOURCE
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf escape;
static volatile double scratch = 3;
static volatile long double wide_scratch;

static void on_usual(int number) {
  (void)number;
  for (int i = 0; i < 100; i++) scratch = scratch * 1.5 / 1.25;
  long double own = 1;
  for (int i = 0; i < 9; i++) own = own / 3;
  scratch = (double)own;
}

static void on_exception(int number, siginfo_t *info, void *context) {
  (void)context;
  printf("signal %d code %d\n", number, info->si_code);
  siglongjmp(escape, 1);
}

int main(void) {
  signal(SIGUSR1, on_usual);
  double sum = 0;
  long double wide = 0;
  for (int i = 1; i < 50; i++) {
    double part = 1.0 / i;
    long double wide_part = 1.0L / i;
    raise(SIGUSR1);
    sum += part;
    wide += wide_part;
  }
  printf("%a %La %d\n", sum, wide, fegetround() == FE_TONEAREST);
  volatile double zero = 0, one = 1;
  volatile long double wide_zero = 0, wide_one = 1;
  struct sigaction action = {.sa_sigaction = on_exception, .sa_flags = SA_SIGINFO};
  sigaction(SIGFPE, &action, NULL);
  for (int i = 0; i < 4; i++) {
    fenv_t environment;
    feholdexcept(&environment);
    unsigned mxcsr = i % 2 ? 0x1d00 : 0x1f00;
    unsigned short control = i % 2 ? 0x37b : 0x37e;
    if (sigsetjmp(escape, 1) == 0) {
      if (i < 2) {
        __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
        scratch = i % 2 ? one / zero : zero / zero;
      } else {
        __asm__ volatile("fldcw %0" : : "m"(control));
        wide_scratch = i % 2 ? wide_one / wide_zero : wide_zero / wide_zero;
        __asm__ volatile("fwait");
      }
      printf("no exception\n");
    }
    __asm__ volatile("fnclex");
    fesetenv(&environment);
  }
  printf("%a\n", one / 3);
  return 0;
}
