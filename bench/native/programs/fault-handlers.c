// Handlers that leave by a jump, that mend, that nest, and that run on a stack that overflowed; what they are told of a fault.
#define _GNU_SOURCE
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf behind;
static volatile sig_atomic_t depth;
static char other[65536];
static volatile double zero, huge = 1e308, tiny = 1e-308;
static volatile int nothing;
static char *page;

static void leave(int number, siginfo_t *info, void *context) {
  ucontext_t *user = context;
  char here;
  int is_other = &here >= other && &here < other + sizeof other;
  printf("signal %d code %d %s stack, ", number, info->si_code, is_other ? "other" : "usual");
  if (info->si_code > 0 && info->si_addr < (void *)4096) printf("at %d, ", (int)(long)info->si_addr);
  if ((char *)info->si_addr >= page && (char *)info->si_addr < page + 8192) printf("at %d of the page, ", (int)((char *)info->si_addr - page));
  printf("trap %d\n", info->si_code > 0 && number != SIGSEGV ? (int)user->uc_mcontext.gregs[REG_TRAPNO] : 0);
  siglongjmp(behind, number);
}
static void nest(int number, siginfo_t *info, void *context) {
  (void)info, (void)context;
  printf("enters %d depth %d\n", number, depth);
  if (depth++ < 2) raise(number == SIGUSR1 ? SIGUSR2 : SIGUSR1);
  printf("leaves %d\n", number);
}
static void handle(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigaction(number, &action, NULL);
}
/* Has floating-point exceptions raise SIGFPE, of x87 and of SSE. */
static void raise_for(unsigned exceptions) {
  unsigned short control;
  unsigned mxcsr;
  __asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(control), "=m"(mxcsr));
  control = (control | FE_ALL_EXCEPT) & ~exceptions;
  mxcsr = (mxcsr | FE_ALL_EXCEPT << 7) & ~(exceptions << 7);
  __asm__ volatile("fldcw %0; ldmxcsr %1" ::"m"(control), "m"(mxcsr));
}
__attribute__((noinline)) static int overflow(int count) {
  volatile char room[4096];
  room[0] = (char)count;
  return overflow(count + 1) + room[0];
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  struct rlimit limit = {256 * 1024, 256 * 1024};
  stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
  sigaltstack(&stack, NULL);
  for (int number = 1; number < 32; number++)
    if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD) handle(number, leave, SA_ONSTACK);
  page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (!sigsetjmp(behind, 1)) *(volatile char *)16 = 1;
  if (!sigsetjmp(behind, 1)) *(volatile char *)(page + 4099) = 1;
  if (!sigsetjmp(behind, 1)) *(volatile char *)0x8000000000000000 = 1;
  if (!sigsetjmp(behind, 1)) ((void (*)(void))page)();
  if (!sigsetjmp(behind, 1)) __asm__ volatile("hlt");
  if (!sigsetjmp(behind, 1)) __asm__ volatile("ud2");
  if (!sigsetjmp(behind, 1)) __asm__ volatile("int3");
  if (!sigsetjmp(behind, 1)) nothing = 1 / nothing;
  if (!sigsetjmp(behind, 1)) nothing = (int)0x80000000 / (nothing - 1);
  if (!sigsetjmp(behind, 1)) abort();
  for (int number = 1; number < 32; number++) {
    if (number == SIGKILL || number == SIGSTOP || number == SIGCHLD) continue;
    if (!sigsetjmp(behind, 1)) kill(getpid(), number);
  }
  feclearexcept(FE_ALL_EXCEPT);
  for (int kind = 0; kind < 8; kind++) {
    feclearexcept(FE_ALL_EXCEPT);
    raise_for(kind == 4 ? FE_ALL_EXCEPT : FE_ALL_EXCEPT & ~FE_INEXACT);
    if (sigsetjmp(behind, 1)) continue;
    volatile double result = 0;
    volatile long double extended = kind == 5 ? 1.0L : 0.0L, divisor = 0.0L;
    switch (kind) {
      case 0: result = 1 / zero; break;
      case 1: result = zero / zero; break;
      case 2: result = huge * huge; break;
      case 3: result = tiny * tiny; break;
      case 4: result = 1 / 3.0000001 * huge / 7; break;
      default: extended = extended / divisor; result = (double)extended; break;
    }
    printf("kind %d went on\n", kind);
  }
  raise_for(0);
  feclearexcept(FE_ALL_EXCEPT);
  setrlimit(RLIMIT_STACK, &limit);
  if (!sigsetjmp(behind, 1)) printf("%d\n", overflow(0));
  if (!sigsetjmp(behind, 1)) printf("%d\n", overflow(0));
  handle(SIGUSR1, nest, 0);
  handle(SIGUSR2, nest, SA_NODEFER);
  raise(SIGUSR1);
  depth = 0;
  sigset_t both, pending;
  sigemptyset(&both);
  sigaddset(&both, SIGUSR1);
  sigaddset(&both, SIGUSR2);
  sigprocmask(SIG_BLOCK, &both, NULL);
  raise(SIGUSR2);
  kill(getpid(), SIGUSR1);
  sigpending(&pending);
  printf("pending %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
  sigprocmask(SIG_UNBLOCK, &both, NULL);
  signal(SIGSEGV, SIG_DFL);
  signal(SIGABRT, SIG_IGN);
  abort();
}
