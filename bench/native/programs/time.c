// Time goes forward, sleeps last, and calendars are computed; nothing depends on when it is run.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t rang;

static void on_alarm(int number) { rang = number; }

static long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void) {
  long long before = now(CLOCK_MONOTONIC), wall = now(CLOCK_REALTIME);
  struct timespec nap = {0, 20000000};
  printf("%d", nanosleep(&nap, NULL));
  printf(" %d %d\n", now(CLOCK_MONOTONIC) - before >= 20000000, now(CLOCK_REALTIME) - wall >= 20000000);
  struct timeval day;
  gettimeofday(&day, NULL);
  time_t seconds = time(NULL);
  printf("%d %d\n", seconds >= day.tv_sec && seconds - day.tv_sec < 2, clock() >= 0);
  signal(SIGALRM, on_alarm);
  struct itimerval timer = {{0, 0}, {0, 30000}};
  setitimer(ITIMER_REAL, &timer, NULL);
  int paused = pause();
  printf("%d %d %s\n", paused, rang, strerror(errno));
  static const time_t moments[] = {0, 951782399, 951868799, 1709210096, 4102444800, -1};
  for (int i = 0; i < 6; i++) {
    struct tm parts;
    char text[80];
    gmtime_r(&moments[i], &parts);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %b %j %U", &parts);
    printf("%s %lld\n", text, (long long)timegm(&parts));
  }
  return 0;
}
