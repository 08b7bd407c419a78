// Names of files: hard and symbolic links, owners, times, copies between descriptors, files without a name, file systems.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sched.h>
#include <unistd.h>
#include <utime.h>

#define TRY(call)                                                                        \
  do {                                                                                   \
    errno = 0;                                                                           \
    long result = (long)(call);                                                          \
    printf("%s = %ld%s%s\n", #call, result, result < 0 ? " " : "", result < 0 ? strerror(errno) : ""); \
  } while (0)

static struct stat status;

static long links(const char *path) { return lstat(path, &status) ? -1 : (long)status.st_nlink; }
static long modified(const char *path) { return lstat(path, &status) ? -1 : (long)status.st_mtime; }
static void put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, text, strlen(text)) < 0) perror(path);
  close(file);
}
static void show(const char *path) {
  char text[200] = "";
  int file = open(path, O_RDONLY);
  long size = file < 0 ? -1 : read(file, text, sizeof text - 1);
  printf("%s: %ld %s\n", path, size, text);
  if (file >= 0) close(file);
}

/* Not every C library has functions for these. */
static long read_at(int file, struct iovec *parts, int count, long offset, int flags) {
  return syscall(SYS_preadv2, file, parts, count, offset, 0, flags);
}
static long write_at(int file, struct iovec *parts, int count, long offset, int flags) {
  return syscall(SYS_pwritev2, file, parts, count, offset, 0, flags);
}

int main(void) {
  put("one", "first\n");
  TRY(mkdir("d", 0755));
  TRY(link("one", "two"));
  TRY(link("one", "two"));
  TRY(link("none", "three"));
  TRY(link("one", "d/three"));
  TRY(link("d", "directory"));
  TRY(link("one", "nowhere/three"));
  TRY(link("one", "new/"));
  TRY(links("one"));
  put("two", "through another name\n");
  show("one");
  TRY(symlink("one", "s"));
  TRY(symlink("", "empty"));
  TRY(symlink("x", "s"));
  TRY(symlinkat("../one", AT_FDCWD, "d/s"));
  show("d/s");
  TRY(linkat(AT_FDCWD, "s", AT_FDCWD, "link-to-link", 0));
  TRY(linkat(AT_FDCWD, "s", AT_FDCWD, "link-to-file", AT_SYMLINK_FOLLOW));
  TRY(linkat(AT_FDCWD, "s", AT_FDCWD, "bad", 0x4000));
  TRY(S_ISLNK((lstat("link-to-link", &status), status.st_mode)));
  TRY(links("link-to-link"));
  TRY(links("one"));
  TRY(unlink("one"));
  TRY(links("two"));
  TRY(rename("two", "d/three"));
  TRY(links("two"));
  TRY(rename("d/three", "four"));
  TRY(links("link-to-file"));
  int directory = open("d", O_RDONLY | O_DIRECTORY);
  TRY(linkat(directory, "../four", directory, "five", 0));
  TRY(links("d/five"));
  int file = open("d/five", O_RDWR);
  unlink("d/five"), unlink("four"), unlink("link-to-file"), unlink("d/three"), unlink("two");
  TRY((fstat(file, &status), status.st_nlink));
  TRY(linkat(file, "", AT_FDCWD, "revived", 0));

  put("own", "x");
  TRY(chown("own", getuid(), getgid()));
  TRY(chown("own", -1, -1));
  TRY(lchown("s", getuid(), -1));
  TRY(fchown(file, -1, getgid()));
  TRY(fchownat(directory, "../own", getuid(), getgid(), 0));
  TRY(fchownat(file, "", getuid(), getgid(), AT_EMPTY_PATH));
  TRY(chown("none", -1, -1));
  struct utimbuf times = {1000000000, 1100000000};
  TRY(utime("own", &times));
  TRY(modified("own"));
  TRY(chmod("own", 0600));
  TRY(modified("own"));
  struct timeval values[2] = {{1, 2}, {1200000000, 5}};
  TRY(utimes("own", values));
  TRY(modified("own"));
  TRY(futimesat(directory, "../own", values));
  values[1].tv_usec = 1000000;
  TRY(utimes("own", values));
  TRY(utimes("none", NULL));
  TRY(mknod("made", S_IFREG | 0644, 0));
  TRY(mknod("made", S_IFREG | 0644, 0));
  TRY(links("made"));

  put("source", "0123456789");
  int from = open("source", O_RDWR), to = open("target", O_RDWR | O_CREAT, 0644);
  loff_t at = 2, behind = 20;
  TRY(copy_file_range(from, &at, to, &behind, 4, 0));
  TRY(at * 100 + behind);
  TRY(copy_file_range(from, NULL, to, NULL, 100, 0));
  TRY(copy_file_range(from, NULL, to, NULL, 100, 0));
  TRY(lseek(to, 0, SEEK_CUR));
  at = 0, behind = 5;
  TRY(copy_file_range(from, &at, from, &behind, 6, 0));
  TRY(copy_file_range(from, &at, from, &behind, 5, 0));
  TRY(copy_file_range(from, &at, to, NULL, 5, 1));
  TRY(copy_file_range(directory, NULL, to, NULL, 5, 0));
  off_t start = 7;
  TRY(sendfile(to, from, &start, 100));
  TRY(start);
  char bytes[40];
  struct iovec parts[2] = {{bytes, 3}, {bytes + 10, 4}};
  TRY(read_at(from, parts, 2, 1, 0));
  TRY(memcmp(bytes, "123", 3) + memcmp(bytes + 10, "4012", 4));
  lseek(from, 0, SEEK_SET);
  TRY(read_at(from, parts, 1, -1, 0));
  TRY(lseek(from, 0, SEEK_CUR));
  TRY(write_at(from, parts, 1, 30, 0));
  TRY(read_at(from, parts, 1, 0, 0x40000000));
  TRY(fallocate(to, 0, 0, 64));
  TRY(readahead(from, 0, 10));
  TRY(sync_file_range(from, 0, 10, 0));
  TRY(syncfs(from));
  int left;
  TRY(ioctl(from, FIONREAD, &left));
  TRY(left);
  TRY(ioctl(from, FIOCLEX));
  TRY(fcntl(from, F_GETFD));
  TRY(ioctl(from, FIONCLEX));
  TRY(fcntl(from, F_GETFD));
  TRY(ioctl(from, 0x5401, bytes));
  int nonblocking = 1;
  TRY(ioctl(from, FIONBIO, &nonblocking));
  TRY((fcntl(from, F_GETFL) & O_NONBLOCK) != 0);
  int ends[2];
  TRY(pipe(ends));
  TRY(fcntl(ends[0], 1032));
  TRY(fcntl(from, 1032));
  TRY(getpeername(from, NULL, NULL));
  TRY(getsockname(99, NULL, NULL));
  TRY(send(ends[1], "x", 1, 0));

  TRY(write(ends[1], "through", 7));
  dup2(ends[0], 0);
  int again = open("/dev/stdin", O_RDONLY);
  TRY(read(again, bytes, sizeof bytes));
  close(ends[1]);
  TRY(read(again, bytes, sizeof bytes));
  lseek(from, 3, SEEK_SET);
  dup2(from, 0);
  TRY(lseek(open("/dev/stdin", O_RDONLY), 0, SEEK_CUR));
  TRY(open("/dev/stdin", O_RDONLY | O_DIRECTORY));

  int nameless = memfd_create("nameless", MFD_CLOEXEC);
  TRY(write(nameless, "kept", 4));
  TRY((fstat(nameless, &status), status.st_nlink));
  TRY(status.st_size);
  TRY(fcntl(nameless, F_GETFD));
  TRY(pread(nameless, bytes, 4, 0));
  TRY(memfd_create("nameless", 0x8000));
  TRY(syscall(SYS_close_range, nameless, nameless + 3, 0));
  TRY(fcntl(nameless, F_GETFD));
  TRY(syscall(SYS_close_range, 9, 8, 0));
  TRY(open("/dev/full", O_WRONLY) > 2);
  TRY(write(open("/dev/full", O_WRONLY), "x", 1));

  struct statfs system;
  TRY(statfs(".", &system));
  TRY(system.f_bsize > 0 && system.f_blocks >= system.f_bfree && system.f_bfree >= system.f_bavail && system.f_namelen == 255);
  TRY(fstatfs(from, &system));
  TRY(statfs("none", &system));
  TRY(fstatfs(99, &system));
  TRY(getpriority(PRIO_PROCESS, 0) >= -20);
  TRY(sched_get_priority_max(SCHED_FIFO));
  TRY(sched_get_priority_min(77));
  TRY(sched_getscheduler(0));
  int ended;
  TRY(wait(&ended));
  TRY(waitpid(-1, &ended, WNOHANG));
  siginfo_t information;
  TRY(waitid(P_ALL, 0, &information, WEXITED));
  return 0;
}
