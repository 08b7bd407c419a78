// mmap, mremap, munmap, mprotect, brk: addresses may differ, contents and errors do not.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const char *outcome(void *address) { return address == MAP_FAILED ? strerror(errno) : "mapped"; }

int main(void) {
  char *area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 4 * PAGE; i += 64) area[i] = (char)(i / 64);
  char *larger = mremap(area, 4 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
  int damaged = 0;
  for (int i = 0; i < 4 * PAGE; i += 64) damaged += larger[i] != (char)(i / 64);
  for (int i = 4 * PAGE; i < 64 * PAGE; i += 64) damaged += larger[i] != 0;
  printf("%d damaged\n", damaged);
  char *smaller = mremap(larger, 64 * PAGE, 2 * PAGE, 0);
  printf("%d %d\n", smaller == larger, smaller[2 * PAGE - 64]);
  printf("%d %d", munmap(smaller, PAGE), munmap(smaller, PAGE));
  int refused = munmap(smaller + 1, PAGE);
  printf(" %d %s\n", refused, strerror(errno));
  char *fixed = mmap(smaller, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  printf("%d %d %d\n", fixed == smaller, fixed[5], smaller[PAGE]);
  printf("%s\n", outcome(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
  printf("%s\n", outcome(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0)));

  int file = open("mapped", O_RDWR | O_CREAT, 0644);
  (void)!ftruncate(file, 3 * PAGE / 2);
  char *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  strcpy(shared + 100, "written through the mapping");
  char *private = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  private[0] = 'p';
  char text[40] = {0};
  pread(file, text, 39, 100);
  printf("%s %d %s\n", text, shared[0], private + 100);
  (void)!pwrite(file, "W", 1, 100);
  printf("%s %s\n", shared + 100, private + 100);
  msync(shared, 2 * PAGE, MS_SYNC);
  munmap(shared, 2 * PAGE);
  close(file);

  char *before = sbrk(0);
  char *grown = sbrk(100000);
  printf("%d %d", grown == before, grown[99999]);
  memset(grown, 1, 100000);
  printf(" %d\n", sbrk(-100000) == before + 100000);
  return 0;
}
