// setjmp and longjmp, out of deep calls and out of a signal handler; computed goto; tables of switch.
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static jmp_buf outer;
static sigjmp_buf escape;
static volatile int depth_reached;

static void descend(int depth) {
  depth_reached = depth;
  if (depth == 100) longjmp(outer, 42);
  descend(depth + 1);
  depth_reached = -1;
}

static void on_signal(int number) { siglongjmp(escape, number); }

static int interpret(const char *program) {
  static void *const labels[] = {&&add, &&subtract, &&twice, &&end};
  int value = 0;
#define NEXT goto *labels[*program++ - '0']
  NEXT;
add:
  value += 7;
  NEXT;
subtract:
  value -= 3;
  NEXT;
twice:
  value *= 2;
  NEXT;
end:
  return value;
}

static const char *name(int n) {
  switch (n) {
    case 0: return "zero";
    case 1: return "one";
    case 2: return "two";
    case 3: return "three";
    case 5: return "five";
    case 8: return "eight";
    case 1000: return "thousand";
    default: return "many";
  }
}

int main(void) {
  volatile int kept = 5;
  int came = setjmp(outer);
  if (came == 0) {
    kept = 6;
    descend(0);
  }
  printf("%d %d %d\n", came, kept, depth_reached);
  again:
  if (sigsetjmp(escape, 1) == 0) {
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    printf("not here\n");
  } else {
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    printf("left the handler, blocked %d\n", sigismember(&blocked, SIGUSR1));
    if (kept-- > 4) goto again;
  }
  printf("%d %d\n", interpret("0002110223"), interpret("3"));
  for (int i = -1; i < 10; i++) printf("%s ", name(i));
  printf("%s\n", name(1000));
  return 0;
}
