/*
 * What the processor of this machine makes of SSE arithmetic. Reads lines `operation mxcsr left right`, and writes for each
 * `result mxcsr`: all numbers hexadecimal, the operation by its place in `operations`.
 */
#include <stdint.h>
#include <stdio.h>

static uint32_t mxcsr;

#define OPERATION(name, code)                                                              \
  static uint64_t name(uint64_t left, uint64_t right) {                                    \
    const uint32_t usual = 0x1f80;                                                         \
    uint64_t bits;                                                                         \
    __asm__ volatile("ldmxcsr %[control]\n\t"                                              \
                     "movq %[left], %%xmm0\n\t"                                            \
                     "movq %[right], %%xmm1\n\t" code "\n\t"                               \
                     "stmxcsr %[control]\n\t"                                              \
                     "ldmxcsr %[usual]"                                                    \
                     : [bits] "=&r"(bits), [control] "+m"(mxcsr)                           \
                     : [left] "r"(left), [right] "r"(right), [usual] "m"(usual)            \
                     : "xmm0", "xmm1", "cc", "memory");                                    \
    return bits;                                                                           \
  }

/* The result is in a vector register. */
#define VECTORS(name, code) OPERATION(name, code "\n\tmovq %%xmm0, %[bits]")

/* The result is ZF, PF and CF; below the stack pointer there may be something of the compiler's. */
#define FLAGS(name, code)                                                                  \
  OPERATION(name, code "\n\tleaq -128(%%rsp), %%rsp\n\tpushfq\n\tpopq %[bits]\n\t"         \
                       "leaq 128(%%rsp), %%rsp\n\tandq $0x45, %[bits]")

#define BOTH(name, mnemonic)                         \
  VECTORS(name##32, mnemonic "ss %%xmm1, %%xmm0")    \
  VECTORS(name##64, mnemonic "sd %%xmm1, %%xmm0")

BOTH(add, "add")
BOTH(sub, "sub")
BOTH(mul, "mul")
BOTH(div, "div")
BOTH(min, "min")
BOTH(max, "max")
VECTORS(sqrt32, "sqrtss %%xmm0, %%xmm0")
VECTORS(sqrt64, "sqrtsd %%xmm0, %%xmm0")

#define PREDICATE(number)                                               \
  VECTORS(compare32_##number, "cmpss $" #number ", %%xmm1, %%xmm0")     \
  VECTORS(compare64_##number, "cmpsd $" #number ", %%xmm1, %%xmm0")
PREDICATE(0) PREDICATE(1) PREDICATE(2) PREDICATE(3) PREDICATE(4) PREDICATE(5) PREDICATE(6) PREDICATE(7)

FLAGS(ucomi32, "ucomiss %%xmm1, %%xmm0")
FLAGS(ucomi64, "ucomisd %%xmm1, %%xmm0")
FLAGS(comi32, "comiss %%xmm1, %%xmm0")
FLAGS(comi64, "comisd %%xmm1, %%xmm0")

VECTORS(from32to32, "cvtsi2ssl %k[left], %%xmm0")
VECTORS(from64to32, "cvtsi2ssq %[left], %%xmm0")
VECTORS(from32to64, "cvtsi2sdl %k[left], %%xmm0")
VECTORS(from64to64, "cvtsi2sdq %[left], %%xmm0")
OPERATION(to32from32, "cvtss2sil %%xmm0, %k[bits]")
OPERATION(to64from32, "cvtss2siq %%xmm0, %[bits]")
OPERATION(to32from64, "cvtsd2sil %%xmm0, %k[bits]")
OPERATION(to64from64, "cvtsd2siq %%xmm0, %[bits]")
OPERATION(truncated32from32, "cvttss2sil %%xmm0, %k[bits]")
OPERATION(truncated64from32, "cvttss2siq %%xmm0, %[bits]")
OPERATION(truncated32from64, "cvttsd2sil %%xmm0, %k[bits]")
OPERATION(truncated64from64, "cvttsd2siq %%xmm0, %[bits]")
VECTORS(single, "cvtsd2ss %%xmm0, %%xmm0")
VECTORS(wide, "cvtss2sd %%xmm0, %%xmm0")

/* In the order of `cases.ts`; `bits` of the result count. */
static const struct {
  uint64_t (*evaluate)(uint64_t, uint64_t);
  int bits;
} operations[] = {
    {add32, 32},        {add64, 64},        {sub32, 32},        {sub64, 64},        {mul32, 32},
    {mul64, 64},        {div32, 32},        {div64, 64},        {sqrt32, 32},       {sqrt64, 64},
    {min32, 32},        {min64, 64},        {max32, 32},        {max64, 64},        {compare32_0, 32},
    {compare64_0, 64},  {compare32_1, 32},  {compare64_1, 64},  {compare32_2, 32},  {compare64_2, 64},
    {compare32_3, 32},  {compare64_3, 64},  {compare32_4, 32},  {compare64_4, 64},  {compare32_5, 32},
    {compare64_5, 64},  {compare32_6, 32},  {compare64_6, 64},  {compare32_7, 32},  {compare64_7, 64},
    {ucomi32, 64},      {ucomi64, 64},      {comi32, 64},       {comi64, 64},       {from32to32, 32},
    {from32to64, 64},   {from64to32, 32},   {from64to64, 64},   {to32from32, 32},   {to32from64, 32},
    {to64from32, 64},   {to64from64, 64},   {truncated32from32, 32}, {truncated32from64, 32},
    {truncated64from32, 64}, {truncated64from64, 64}, {single, 32}, {wide, 64},
};

int main(void) {
  unsigned operation;
  uint32_t control;
  unsigned long long left, right;
  while (scanf("%x %x %llx %llx", &operation, &control, &left, &right) == 4) {
    if (operation >= sizeof operations / sizeof *operations) return 1;
    mxcsr = control;
    uint64_t bits = operations[operation].evaluate(left, right);
    if (operations[operation].bits == 32) bits &= 0xffffffff;
    printf("%llx %x\n", (unsigned long long)bits, mxcsr);
  }
  return 0;
}
