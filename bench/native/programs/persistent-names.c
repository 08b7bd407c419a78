// A file of persistent memory under several names, and mappings of it that get longer and shorter.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096 };

static struct stat status;
static long links(const char *path) { return stat(path, &status) ? -1 : (long)status.st_nlink; }

int main(void) {
  int file = open("pool", O_RDWR | O_CREAT, 0644);
  if (ftruncate(file, 4 * PAGE)) return 1;
  char *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  strcpy(map, "first page");
  map = mremap(map, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
  printf("%s %d\n", map, map[2 * PAGE]);
  strcpy(map + 2 * PAGE, "third page");
  msync(map, 3 * PAGE, MS_SYNC);
  char text[16] = "";
  printf("%zd %s\n", pread(file, text, sizeof text, 2 * PAGE), text);
  map = mremap(map, 3 * PAGE, PAGE, 0);
  printf("%s\n", map);
  map = mremap(map, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
  printf("%s %s\n", map, map + 2 * PAGE);

  printf("%d %ld\n", link("pool", "other"), links("pool"));
  printf("%d %ld %ld\n", unlink("pool"), links("pool"), links("other"));
  int again = open("other", O_RDWR);
  printf("%zd %s\n", pread(again, text, sizeof text, 0), text);
  strcpy(map + PAGE, "second page");
  printf("%zd %s\n", pread(again, text, sizeof text, PAGE), text);
  printf("%d %ld\n", rename("other", "pool"), links("pool"));
  printf("%d %d\n", truncate("pool", 5000), munmap(map, 3 * PAGE));
  printf("%d %ld\n", fsync(file), (long)lseek(file, 0, SEEK_END));
  printf("%zd\n", copy_file_range(file, &(off_t){0}, file, &(off_t){PAGE}, 20, 0));
  printf("%zd %s\n", pread(file, text, sizeof text, PAGE), text);
  return 0;
}
