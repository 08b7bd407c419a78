// Mappings that are moved and get other sizes: anonymous ones, private and shared ones of files, at addresses that are chosen.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096 };

static sigjmp_buf behind;
static void on_fault(int number) { siglongjmp(behind, number); }

/* What a load finds: a byte, or minus the signal that it raises. */
static int at(const volatile char *address) {
  int number = sigsetjmp(behind, 1);
  return number ? -number : *address;
}
static const char *how(void *result) { return result == MAP_FAILED ? strerror(errno) : "mapped"; }

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  signal(SIGSEGV, on_fault);
  signal(SIGBUS, on_fault);
  char *room = mmap(NULL, 128 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  char *one = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  one[0] = 'a', one[2 * PAGE - 1] = 'b';
  char *two = mremap(one, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
  printf("%s %d %d %d\n", how(two), at(two), at(two + 2 * PAGE - 1), at(two + 5 * PAGE - 1));
  char *fixed = mremap(two, 5 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room + 8 * PAGE);
  printf("%d %d %d %d\n", fixed == room + 8 * PAGE, at(fixed), at(fixed + 2 * PAGE - 1), at(fixed + 3 * PAGE));
  printf("%d\n", at(two));
  printf("%s\n", how(mremap(fixed, 3 * PAGE, PAGE, 0)));
  printf("%d %d\n", at(fixed), at(fixed + PAGE));
  printf("%s\n", how(mremap(fixed, PAGE, PAGE, MREMAP_FIXED, room)));
  printf("%s\n", how(mremap(fixed, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, fixed)));
  printf("%s\n", how(mremap(fixed, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room + 1)));
  printf("%s\n", how(mremap(fixed + 1, PAGE, PAGE, 0)));
  printf("%s\n", how(mremap(fixed, PAGE, 0, 0)));
  printf("%s\n", how(mremap(fixed + PAGE, PAGE, PAGE, 0)));

  int file = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0644);
  for (char page = 0; page < 6; page++) {
    char bytes[PAGE];
    memset(bytes, 'A' + page, PAGE);
    if (write(file, bytes, PAGE) != PAGE) return 1;
  }
  for (int shared = 0; shared < 2; shared++) {
    int kind = shared ? MAP_SHARED : MAP_PRIVATE;
    char *to = room + (shared ? 80 : 20) * PAGE;
    char *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, kind, file, PAGE);
    map[PAGE] = shared ? 's' : 'p';
    char *longer = mremap(map, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
    printf("%s %c %c %c %c\n", how(longer), at(longer), at(longer + PAGE), at(longer + PAGE + 1), at(longer + 3 * PAGE));
    char *moved = mremap(longer, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
    printf("%s %c %c %c %d %d\n", how(moved), at(moved), at(moved + PAGE), at(moved + 4 * PAGE), at(moved + 5 * PAGE),
           at(moved + 7 * PAGE));
    moved[3 * PAGE] = '!';
    char *part = mremap(moved + 3 * PAGE, PAGE, shared ? PAGE : 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 20 * PAGE);
    printf("%s %c %d %d\n", how(part), at(part), at(part + PAGE), at(moved + 3 * PAGE));
    part[1] = '?';
    if (shared) msync(part, PAGE, MS_SYNC);
    char now[3] = "";
    pread(file, now, 2, 4 * PAGE);
    printf("%s\n", now);
    printf("%s\n", how(mremap(moved + PAGE, 3 * PAGE, 4 * PAGE, MREMAP_MAYMOVE)));
    printf("%s %d\n", how(mremap(moved, 3 * PAGE, PAGE, 0)), at(moved + PAGE));
  }
  char bytes[2];
  pread(file, bytes, 1, 2 * PAGE);
  printf("%c\n", bytes[0]);
  return 0;
}
