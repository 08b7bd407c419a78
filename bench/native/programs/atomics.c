// Atomic operations of C11 in every size, fences, and thread-local variables.
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

static _Thread_local int counter = 7;
static _Thread_local char text[40] = "own";
static _Thread_local long untouched[100];

#define EXERCISE(type, name)                                                                        \
  static void name(void) {                                                                          \
    static _Atomic type value = 5;                                                                  \
    type expected = 6;                                                                              \
    printf("%d ", (int)atomic_fetch_add(&value, 3));                                                \
    printf("%d ", (int)atomic_fetch_sub(&value, 1));                                                \
    printf("%d ", (int)atomic_exchange(&value, 12));                                                \
    printf("%d", atomic_compare_exchange_strong(&value, &expected, 1));                             \
    printf("%d ", atomic_compare_exchange_strong(&value, &expected, 100));                          \
    printf("%d ", (int)atomic_fetch_or(&value, 3));                                                 \
    printf("%d ", (int)atomic_fetch_and(&value, 0x55));                                             \
    printf("%d ", (int)atomic_fetch_xor(&value, 0x0f));                                             \
    atomic_thread_fence(memory_order_seq_cst);                                                      \
    atomic_store(&value, atomic_load(&value) + 1);                                                  \
    printf("%d %d\n", (int)value, (int)expected);                                                   \
  }

EXERCISE(uint8_t, bytes)
EXERCISE(int16_t, words)
EXERCISE(uint32_t, doublewords)
EXERCISE(int64_t, quadwords)

int main(void) {
  bytes();
  words();
  doublewords();
  quadwords();
  struct {
    _Alignas(16) uint64_t low;
    uint64_t high;
  } wide = {1, 2};
  uint64_t low = 1, high = 2;
  unsigned char was_equal;
  for (int i = 0; i < 2; i++) {
    __asm__ volatile("lock cmpxchg16b %1\n\tsete %0"
                     : "=q"(was_equal), "+m"(wide), "+a"(low), "+d"(high)
                     : "b"(10L), "c"(20L)
                     : "cc", "memory");
    printf("%d %llu %llu %llu %llu\n", was_equal, (unsigned long long)low, (unsigned long long)high,
           (unsigned long long)wide.low, (unsigned long long)wide.high);
  }
  atomic_flag flag = ATOMIC_FLAG_INIT;
  printf("%d%d", atomic_flag_test_and_set(&flag), atomic_flag_test_and_set(&flag));
  atomic_flag_clear(&flag);
  printf("%d\n", atomic_flag_test_and_set(&flag));
  counter += 3;
  text[3] = '!';
  printf("%d %s %ld\n", counter, text, untouched[99]);
  return 0;
}
