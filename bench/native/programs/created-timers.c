// Timers of timer_create: signals with values, absolute and relative times, overruns, clocks of the processor.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRY(call)                                                                        \
  do {                                                                                   \
    errno = 0;                                                                           \
    long result = (long)(call);                                                          \
    printf("%s = %ld%s%s\n", #call, result, result < 0 ? " " : "", result < 0 ? strerror(errno) : ""); \
  } while (0)

static volatile sig_atomic_t rang;

static void on_timer(int number, siginfo_t *info, void *context) {
  (void)context;
  rang++;
  if (rang < 4) printf("signal %d code %d value %d\n", number, info->si_code, info->si_value.sival_int);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  struct sigaction action = {.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGALRM, &action, NULL);
  timer_t first, second, third, silent;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
  TRY(timer_create(CLOCK_MONOTONIC, &event, &first));
  TRY(timer_create(CLOCK_REALTIME, NULL, &second));
  TRY(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &third));
  event.sigev_notify = SIGEV_NONE;
  TRY(timer_create(CLOCK_MONOTONIC, &event, &silent));
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = 99;
  TRY(timer_create(CLOCK_MONOTONIC, &event, &silent));
  TRY(timer_create(77, NULL, &silent));

  struct itimerspec once = {{0, 0}, {0, 1000000}}, never = {{0, 0}, {0, 0}}, now;
  TRY(timer_gettime(first, &now));
  printf("%ld %ld\n", (long)now.it_value.tv_sec, now.it_value.tv_nsec);
  TRY(timer_settime(first, 0, &once, NULL));
  TRY(pause());
  TRY(timer_getoverrun(first));
  struct timespec time, second_long = {1, 0};
  clock_gettime(CLOCK_REALTIME, &time);
  struct itimerspec absolute = {{0, 0}, {time.tv_sec + (time.tv_nsec > 990000000), (time.tv_nsec + 10000000) % 1000000000}};
  TRY(timer_settime(second, TIMER_ABSTIME, &absolute, NULL));
  TRY(nanosleep(&second_long, NULL));
  struct itimerspec past = {{0, 0}, {1, 0}};
  TRY(timer_settime(second, TIMER_ABSTIME, &past, NULL));
  while (rang < 3);
  struct itimerspec long_time = {{7, 0}, {100, 5}};
  TRY(timer_settime(silent, 0, &long_time, NULL));
  TRY(timer_settime(silent, 0, &never, &now));
  printf("%ld %d\n", (long)now.it_interval.tv_sec, now.it_value.tv_sec > 90);

  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  struct itimerspec often = {{0, 1000000}, {0, 1000000}};
  TRY(timer_settime(first, 0, &often, NULL));
  struct timespec some = {0, 20000000};
  TRY(nanosleep(&some, NULL));
  sigprocmask(SIG_UNBLOCK, &blocked, NULL);
  printf("%d\n", timer_getoverrun(first) > 10);
  TRY(timer_settime(first, 0, &never, NULL));
  int before = rang;
  struct itimerspec work = {{0, 0}, {0, 2000000}};
  TRY(timer_settime(third, 0, &work, NULL));
  TRY(nanosleep(&some, NULL));
  TRY(rang == before);
  while (rang == before);
  clock_t used = clock();
  nanosleep(&second_long, NULL);
  printf("%d\n", clock() - used < CLOCKS_PER_SEC / 2);
  struct itimerspec wrong = {{0, 0}, {0, 1000000000}};
  TRY(timer_settime(first, 0, &wrong, NULL));
  TRY(timer_delete(first));
  TRY(timer_delete(second));
  TRY(timer_delete(third));
  return 0;
}
