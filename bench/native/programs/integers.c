// Arithmetic of 8 to 128 bits: division, multiplication, shifts, rotations, carries, overflow, bit counts, byte order.
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

typedef unsigned __int128 u128;
typedef __int128 i128;

static void show(u128 value) {
  printf("%016llx%016llx ", (unsigned long long)(value >> 64), (unsigned long long)value);
}

static uint64_t state = 88172645463325252u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state >> (state >> 58);
}

int main(void) {
  uint64_t sum = 0;
  for (int i = 0; i < 60; i++) {
    u128 a = (u128)next() << 64 | next(), b = (u128)(i % 3 ? next() : 0) << 64 | next() | 1;
    show(a / b);
    show(a % b);
    show(a * b);
    show((u128)((i128)a / (i128)b));
    show((u128)((i128)a >> (i % 127)));
    show(a << (i * 3 % 127));
    printf("%d%d %.6e\n", a < b, (i128)a < (i128)b, (double)(i128)a);
  }
  for (int i = 0; i < 4000; i++) {
    uint64_t a = next(), b = next() | 1;
    int64_t s = (int64_t)a, t = (int64_t)b;
    sum = sum * 31 + a / b + a % b;
    sum = sum * 31 + (uint64_t)(t == -1 ? 0 : s / t + s % t);
    sum = sum * 31 + (uint32_t)a / (uint32_t)b + (uint64_t)((int32_t)b == -1 ? 0 : (int32_t)a % (int32_t)b);
    sum = sum * 31 + (uint16_t)a / (uint16_t)b + (uint8_t)a % (uint8_t)b;
    sum = sum * 31 + (a << (b & 63)) + (uint64_t)(s >> (b & 63)) + (a >> (b & 63));
    sum = sum * 31 + ((a << (b & 31)) | (a >> (-b & 31))) + (uint32_t)((uint32_t)a << (b & 31) | (uint32_t)a >> (-b & 31));
    int64_t result;
    int32_t narrow;
    sum = sum * 31 + (uint64_t)__builtin_add_overflow(s, t, &result) + (uint64_t)result;
    sum = sum * 31 + (uint64_t)__builtin_sub_overflow(s, t, &result) + (uint64_t)result;
    sum = sum * 31 + (uint64_t)__builtin_mul_overflow(s, t, &result) + (uint64_t)result;
    sum = sum * 31 + (uint64_t)__builtin_mul_overflow((int32_t)a, (int32_t)b, &narrow) + (uint64_t)narrow;
    sum = sum * 31 + (uint64_t)(__builtin_popcountll(a) + __builtin_clzll(b) + __builtin_ctzll(b << 1) + __builtin_ffsll(s));
    sum = sum * 31 + __builtin_bswap64(a) + __builtin_bswap32((uint32_t)a) + (uint64_t)__builtin_parityll(a);
  }
  printf("%llx\n", (unsigned long long)sum);
  volatile int64_t least = INT64_MIN;
  volatile int8_t byte = INT8_MIN;
  printf("%lld %d %d\n", (long long)(least / 3), byte / 3, -byte);
  return 0;
}
