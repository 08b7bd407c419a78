// Faults that handlers see: SIGSEGV on an alternate stack, SIGFPE, SIGILL, SIGTRAP, SIGBUS; masks, order, and a return that mends.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static char *area, *alternate;
static volatile sig_atomic_t seen[65];

static void on_fault(int number, siginfo_t *info, void *context) {
  ucontext_t *user = context;
  char here;
  int on_alternate = &here >= alternate && &here < alternate + 65536;
  greg_t *registers = user->uc_mcontext.gregs;
  seen[number]++;
  printf("signal %d code %d at %td, %s stack, trap %lld error %lld\n", number, info->si_code,
         number == SIGSEGV ? (char *)info->si_addr - area : 0, on_alternate ? "alternate" : "usual",
         (long long)registers[REG_TRAPNO], (long long)(number == SIGSEGV ? registers[REG_ERR] : 0));
  switch (number) {
    case SIGSEGV:
      mprotect(area, 4096, PROT_READ | PROT_WRITE);
      break;
    case SIGFPE:
    case SIGILL:
      registers[REG_RIP] += 2;
      break;
  }
}

static void on_usual(int number) {
  seen[number]++;
  printf("usual %d\n", number);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  alternate = malloc(65536);
  stack_t stack = {.ss_sp = alternate, .ss_size = 65536};
  sigaltstack(&stack, NULL);
  area = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  static const int faults[] = {SIGSEGV, SIGFPE, SIGILL, SIGTRAP};
  for (int i = 0; i < 4; i++) sigaction(faults[i], &action, NULL);

  area[17] = 'x';
  printf("mended: %c\n", area[17]);
  mprotect(area, 4096, PROT_READ);
  area[18] = 'y';
  printf("mended: %c%c\n", area[17], area[18]);
  long quotient = 7, rest = 0;
  __asm__ volatile("div %b2" : "+a"(quotient) : "d"(rest), "c"(0L) : "cc");
  printf("after the division\n");
  __asm__ volatile("ud2");
  __asm__ volatile("int3");
  printf("after the traps\n");

  struct sigaction usual = {.sa_handler = on_usual};
  sigaction(SIGUSR1, &usual, NULL);
  sigaction(SIGUSR2, &usual, NULL);
  sigset_t both, pending;
  sigemptyset(&both);
  sigaddset(&both, SIGUSR1);
  sigaddset(&both, SIGUSR2);
  sigprocmask(SIG_BLOCK, &both, NULL);
  raise(SIGUSR2);
  raise(SIGUSR1);
  raise(SIGUSR1);
  sigpending(&pending);
  printf("pending %d %d, seen %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2), seen[SIGUSR1],
         seen[SIGUSR2]);
  sigprocmask(SIG_UNBLOCK, &both, NULL);
  printf("seen %d %d\n", seen[SIGUSR1], seen[SIGUSR2]);
  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR2);
  printf("seen %d %d\n", seen[SIGUSR1], seen[SIGUSR2]);
  signal(SIGSEGV, SIG_DFL);
  *(volatile int *)8 = 1;
  return 0;
}
