// Files: create, append, seek, truncate, rename, remove, directories, errors, pread, pwrite, readv and writev, dup, pipes.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *what, long result) {
  printf("%s: %ld%s%s\n", what, result, result < 0 ? " " : "", result < 0 ? strerror(errno) : "");
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(void) {
  FILE *file = fopen("lines.txt", "w+");
  for (int i = 0; i < 2000; i++) fprintf(file, "line %d of %s\n", i, "some file");
  fseek(file, -30, SEEK_END);
  char line[100];
  while (fgets(line, sizeof line, file)) printf("%s", line);
  say("ftell", ftell(file));
  rewind(file);
  int number = 0;
  char word[20];
  say("fscanf", fscanf(file, "%19s %d", word, &number));
  printf("%s %d\n", word, number);
  fclose(file);
  file = fopen("lines.txt", "a");
  fputs("the end", file);
  fclose(file);

  int descriptor = open("data.bin", O_RDWR | O_CREAT | O_EXCL, 0640);
  say("open", descriptor < 0 ? -1 : 0);
  say("open again", open("data.bin", O_RDWR | O_CREAT | O_EXCL, 0640));
  say("pwrite", pwrite(descriptor, "0123456789", 10, 5000));
  say("lseek", lseek(descriptor, -4, SEEK_END));
  char bytes[16] = {0};
  say("read", read(descriptor, bytes, 16));
  printf("%s\n", bytes);
  say("read", read(descriptor, bytes, 16));
  say("pread", pread(descriptor, bytes, 3, 4999));
  printf("%d %c %c\n", bytes[0], bytes[1], bytes[2]);
  struct iovec parts[3] = {{"scattered ", 10}, {"", 0}, {"gather", 6}};
  lseek(descriptor, 100, SEEK_SET);
  say("writev", writev(descriptor, parts, 3));
  say("ftruncate", ftruncate(descriptor, 200));
  struct stat status;
  fstat(descriptor, &status);
  printf("%lld %o %d\n", (long long)status.st_size, status.st_mode, S_ISREG(status.st_mode));
  int twin = dup(descriptor);
  lseek(twin, 104, SEEK_SET);
  memset(bytes, 0, sizeof bytes);
  say("read", read(descriptor, bytes, 5));
  printf("%s\n", bytes);
  say("close", close(twin));
  say("close", close(twin));
  say("write", write(twin, "x", 1));
  say("fsync", fsync(descriptor));
  int target = open("sent", O_RDWR | O_CREAT, 0644);
  off_t offset = 104;
  say("sendfile", sendfile(target, descriptor, &offset, 12));
  say("sendfile", sendfile(target, descriptor, &offset, 1000));
  lseek(descriptor, 100, SEEK_SET);
  say("sendfile", sendfile(target, descriptor, NULL, 4));
  say("position", lseek(descriptor, 0, SEEK_CUR));
  say("offset", offset);
  offset = -1;
  say("sendfile", sendfile(target, descriptor, &offset, 4));
  struct timespec times[2] = {{0, UTIME_OMIT}, {86400, 5}};
  say("futimens", futimens(target, times));
  say("utimensat", utimensat(AT_FDCWD, "none", NULL, 0));
  fstat(target, &status);
  printf("%lld %ld %lld\n", (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec, (long long)status.st_size);
  close(target);
  close(descriptor);

  say("mkdir", mkdir("directory", 0755));
  say("mkdir", mkdir("directory", 0755));
  say("rename", rename("data.bin", "directory/renamed"));
  say("access", access("data.bin", F_OK));
  say("stat", stat("directory/renamed/none", &status));
  say("rmdir", rmdir("directory"));
  say("link", symlink("directory/renamed", "link"));
  say("readlink", readlink("link", word, sizeof word));
  say("stat", stat("link", &status));
  say("unlink", unlink("link"));
  close(open("directory/b", O_CREAT | O_WRONLY, 0644));
  close(open("directory/a", O_CREAT | O_WRONLY, 0644));
  DIR *directory = opendir("directory");
  char *names[10];
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) names[count++] = strdup(entry->d_name);
  closedir(directory);
  qsort(names, (size_t)count, sizeof *names, by_name);
  for (int i = 0; i < count; i++) printf("%s\n", names[i]);
  say("unlink", unlink("directory/b"));
  say("unlink", unlink("directory"));
  say("chdir", chdir("directory"));
  say("open", open("../lines.txt", O_WRONLY | O_TRUNC) < 0 ? -1 : 0);
  say("open", open("none/file", O_RDONLY));

  int ends[2];
  say("pipe", pipe(ends));
  say("write", write(ends[1], "through a pipe", 14));
  memset(bytes, 0, sizeof bytes);
  say("read", read(ends[0], bytes, 9));
  printf("%s\n", bytes);
  close(ends[1]);
  say("read", read(ends[0], bytes, 9));
  say("read", read(ends[0], bytes, 9));
  return 3;
}
