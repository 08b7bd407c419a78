// Interval timers that interrupt work, sleep and waiting; what is left of them; masks while a program waits.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t rang[65];

static void on_signal(int number) { rang[number]++; }

static void arm(int which, long microseconds, long interval) {
  struct itimerval timer = {{0, interval}, {0, microseconds}};
  setitimer(which, &timer, NULL);
}

int main(void) {
  signal(SIGALRM, on_signal);
  signal(SIGVTALRM, on_signal);
  signal(SIGPROF, on_signal);
  arm(ITIMER_REAL, 200, 0);
  unsigned long work = 0;
  while (!rang[SIGALRM]) work++;
  printf("worked %d\n", work > 100);
  arm(ITIMER_VIRTUAL, 100, 100);
  while (rang[SIGVTALRM] < 5) work++;
  arm(ITIMER_VIRTUAL, 0, 0);
  arm(ITIMER_PROF, 100, 0);
  while (!rang[SIGPROF]) work++;
  printf("%d %d %d\n", rang[SIGALRM], rang[SIGVTALRM] >= 5, rang[SIGPROF]);

  struct timespec nap = {5, 0}, left = {9, 0};
  arm(ITIMER_REAL, 20000, 0);
  int slept = nanosleep(&nap, &left);
  printf("%d %s, left %ld\n", slept, strerror(errno), (long)left.tv_sec);
  arm(ITIMER_REAL, 20000, 0);
  int paused = pause();
  printf("%d %s\n", paused, strerror(errno));
  arm(ITIMER_REAL, 20000, 0);
  int polled = poll(NULL, 0, -1);
  printf("%d %s\n", polled, strerror(errno));

  sigset_t alarm_only, before, now;
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  sigprocmask(SIG_BLOCK, &alarm_only, &before);
  arm(ITIMER_REAL, 5000, 0);
  nap = (struct timespec){0, 30000000};
  printf("%d %d\n", nanosleep(&nap, NULL), rang[SIGALRM]);
  int suspended = sigsuspend(&before);
  int error = errno;
  sigprocmask(SIG_SETMASK, NULL, &now);
  printf("%d %s %d %d\n", suspended, strerror(error), rang[SIGALRM], sigismember(&now, SIGALRM));
  sigprocmask(SIG_SETMASK, &before, NULL);

  struct itimerval timer = {{3, 0}, {100, 0}}, found;
  setitimer(ITIMER_REAL, &timer, NULL);
  getitimer(ITIMER_REAL, &found);
  printf("%ld %d\n", (long)found.it_interval.tv_sec, found.it_value.tv_sec == 99 || found.it_value.tv_sec == 100);
  unsigned rest = alarm(7), again = alarm(0), none = alarm(0);
  printf("%u %u %u\n", rest, again, none);
  int refused = setitimer(9, &timer, NULL);
  printf("%d %s\n", refused, strerror(errno));
  signal(SIGALRM, SIG_DFL);
  fflush(stdout);
  alarm(1);
  for (;;) pause();
}
