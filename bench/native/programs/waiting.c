// Waiting that signals end: sigtimedwait, queued signals and their values, calls that are made again behind a handler, locks.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TRY(call)                                                                        \
  do {                                                                                   \
    errno = 0;                                                                           \
    long result = (long)(call);                                                          \
    printf("%s = %ld%s%s\n", #call, result, result < 0 ? " " : "", result < 0 ? strerror(errno) : ""); \
  } while (0)

static sem_t semaphore;
static int ends[2];
static volatile sig_atomic_t rang;

static void on_alarm(int number) {
  rang += number == SIGALRM;
  sem_post(&semaphore);
  (void)!write(ends[1], "rang", 4);
}
static void on_value(int number, siginfo_t *info, void *context) {
  (void)context;
  printf("signal %d code %d value %d mine %d\n", number - SIGRTMIN, info->si_code, info->si_value.sival_int,
         info->si_pid == getpid());
}
static void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigaction(number, &action, NULL);
}
static void ring_after(long microseconds) {
  struct itimerval timer = {{0, 0}, {0, microseconds}};
  setitimer(ITIMER_REAL, &timer, NULL);
}
static void drain(void) {
  char bytes[64];
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  while (read(ends[0], bytes, sizeof bytes) > 0);
  fcntl(ends[0], F_SETFL, 0);
  while (sem_trywait(&semaphore) == 0);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (pipe(ends)) return 1;
  sem_init(&semaphore, 0, 0);
  char bytes[64];

  for (int again = 0; again < 2; again++) {
    handle(SIGALRM, on_alarm, again ? SA_RESTART : 0);
    ring_after(2000);
    TRY(read(ends[0], bytes, sizeof bytes));
    drain();
    ring_after(2000);
    TRY(sem_wait(&semaphore));
    drain();
    ring_after(2000);
    TRY(poll(NULL, 0, -1));
    drain();
    struct pollfd wanted = {ends[0], POLLIN, 0};
    ring_after(2000);
    TRY(poll(&wanted, 1, -1));
    drain();
    ring_after(2000);
    TRY(pause());
    drain();
    struct timespec second = {1, 0};
    ring_after(2000);
    TRY(nanosleep(&second, NULL));
    drain();
    int word = 7;
    ring_after(again ? 0 : 2000);
    TRY(syscall(SYS_futex, &word, 0, again ? 8 : 7, NULL, NULL, 0));
    drain();
  }
  TRY(rang);

  sigset_t set;
  sigemptyset(&set);
  for (int number = SIGRTMIN; number < SIGRTMIN + 3; number++) sigaddset(&set, number);
  sigaddset(&set, SIGALRM);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  siginfo_t information;
  struct timespec soon = {0, 1000000}, none = {0, 0};
  TRY(sigtimedwait(&set, &information, &none));
  TRY(sigtimedwait(&set, &information, &soon));
  for (int value = 1; value <= 3; value++) TRY(sigqueue(getpid(), SIGRTMIN + 2 - value / 2, (union sigval){.sival_int = value}));
  TRY(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 10}));
  TRY(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 11}));
  TRY(sigqueue(getpid(), 99, (union sigval){.sival_int = 11}));
  TRY(sigtimedwait(&set, &information, NULL) == SIGUSR1);
  printf("code %d value %d\n", information.si_code, information.si_value.sival_int);
  TRY(sigwaitinfo(&set, &information) - SIGRTMIN);
  printf("code %d value %d\n", information.si_code, information.si_value.sival_int);
  struct sigaction action = {.sa_sigaction = on_value, .sa_flags = SA_SIGINFO};
  for (int number = SIGRTMIN; number < SIGRTMIN + 3; number++) sigaction(number, &action, NULL);
  sigset_t queued = set;
  sigdelset(&queued, SIGALRM);
  TRY(sigprocmask(SIG_UNBLOCK, &queued, NULL));
  TRY(raise(SIGRTMIN));
  ring_after(2000);
  TRY(sigtimedwait(&set, &information, NULL) == SIGALRM);
  printf("code %d\n", information.si_code);
  struct timespec second = {1, 0};
  ring_after(2000);
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  sigset_t alarm_only;
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
  TRY(sigtimedwait(&set, NULL, &second));
  TRY(rang);
  int got;
  sigprocmask(SIG_BLOCK, &alarm_only, NULL);
  alarm(1);
  TRY(sigwait(&alarm_only, &got));
  TRY(got == SIGALRM);
  return 0;
}
