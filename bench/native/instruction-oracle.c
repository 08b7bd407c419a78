/*
 * Executes a few instructions on the processor of this machine and tells what came of it: the oracle of
 * bench/fuzz-instructions.mjs. Reads cases from standard input and answers each on standard output, both as the
 * structures below in the byte order of the machine; bench/fuzz/instructions/layout.mjs knows their offsets.
 *
 *   gcc -O1 -o instruction-oracle instruction-oracle.c
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* Where the instructions and the memory that they work on lie, here as in the guest; what is around is not mapped. */
#define CODE_AT 0x4b000UL
#define DATA_AT 0x53000UL
#define PAGE_BYTES 4096UL
#define CODE_BYTES_MAX 128
/* What GS points to. */
#define GS_AT (DATA_AT + PAGE_BYTES / 2)

struct state {
  uint64_t general[16]; /* in the order of their encoding */
  uint64_t flags;
  uint64_t instruction_pointer;
  uint8_t fxsave[512];
} __attribute__((aligned(64)));

struct request {
  uint8_t code[CODE_BYTES_MAX];
  uint64_t code_bytes;
  uint64_t unused[7];
  struct state state;
  uint8_t memory[PAGE_BYTES];
};

struct answer {
  uint64_t signal; /* 0 where the instructions came to their end */
  uint64_t fault_address;
  uint64_t unused[6];
  struct state state;
  uint8_t memory[PAGE_BYTES];
};

/* No batch takes as long as this: then instructions never come to their end. */
#define SECONDS_MAX 60

static struct request request;
static struct answer answer;
static volatile sig_atomic_t is_inside;

/* What the code below uses by name. */
uint64_t own_stack_pointer __attribute__((used));
uint64_t code_address __attribute__((used)) = CODE_AT;
struct state given __attribute__((used, visibility("hidden")));
struct state taken __attribute__((used, visibility("hidden")));

void enter(void);
void leave(void);
void resume(void);

/* Loads all registers from `given` and jumps to the code; `leave` is where that comes out, `resume` where a signal does. */
__asm__(
    ".text\n"
    ".globl enter, leave, resume\n"
    "enter:\n"
    "  push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "  mov %rsp, own_stack_pointer(%rip)\n"
    "  fxrstor64 given+144(%rip)\n"
    "  mov given+0(%rip), %rax\n mov given+8(%rip), %rcx\n"
    "  mov given+16(%rip), %rdx\n mov given+24(%rip), %rbx\n"
    "  mov given+40(%rip), %rbp\n mov given+48(%rip), %rsi\n"
    "  mov given+56(%rip), %rdi\n mov given+64(%rip), %r8\n"
    "  mov given+72(%rip), %r9\n mov given+80(%rip), %r10\n"
    "  mov given+88(%rip), %r11\n mov given+96(%rip), %r12\n"
    "  mov given+104(%rip), %r13\n mov given+112(%rip), %r14\n"
    "  mov given+120(%rip), %r15\n"
    "  push given+128(%rip)\n popfq\n"
    "  mov given+32(%rip), %rsp\n"
    "  jmp *code_address(%rip)\n"
    "leave:\n"
    "  mov %rsp, taken+32(%rip)\n"
    "  mov own_stack_pointer(%rip), %rsp\n"
    "  pushfq\n pop taken+128(%rip)\n"
    "  mov %rax, taken+0(%rip)\n mov %rcx, taken+8(%rip)\n"
    "  mov %rdx, taken+16(%rip)\n mov %rbx, taken+24(%rip)\n"
    "  mov %rbp, taken+40(%rip)\n mov %rsi, taken+48(%rip)\n"
    "  mov %rdi, taken+56(%rip)\n mov %r8, taken+64(%rip)\n"
    "  mov %r9, taken+72(%rip)\n mov %r10, taken+80(%rip)\n"
    "  mov %r11, taken+88(%rip)\n mov %r12, taken+96(%rip)\n"
    "  mov %r13, taken+104(%rip)\n mov %r14, taken+112(%rip)\n"
    "  mov %r15, taken+120(%rip)\n"
    "  fxsave64 taken+144(%rip)\n"
    "resume:\n"
    "  mov own_stack_pointer(%rip), %rsp\n"
    "  push $0x202\n popfq\n fninit\n ldmxcsr plain_mxcsr(%rip)\n"
    "  pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
    "  ret\n");
uint32_t plain_mxcsr __attribute__((used)) = 0x1f80;

static const int REGISTERS[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

static void on_signal(int number, siginfo_t *information, void *context_pointer) {
  ucontext_t *context = context_pointer;
  greg_t *registers = context->uc_mcontext.gregs;
  if (!is_inside) _exit(2);
  is_inside = 0;
  answer.signal = (uint64_t)number;
  answer.fault_address = (uint64_t)information->si_addr;
  for (int i = 0; i < 16; i++) taken.general[i] = (uint64_t)registers[REGISTERS[i]];
  taken.flags = (uint64_t)registers[REG_EFL];
  taken.instruction_pointer = (uint64_t)registers[REG_RIP];
  memcpy(taken.fxsave, context->uc_mcontext.fpregs, sizeof taken.fxsave);
  registers[REG_RIP] = (greg_t)(uintptr_t)resume;
  registers[REG_RSP] = (greg_t)own_stack_pointer;
  registers[REG_EFL] &= ~(greg_t)0x40100; /* alignment checks, single steps */
}

static void fail(const char *what) {
  fprintf(stderr, "instruction-oracle: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint8_t *map_page(unsigned long address, int protection, int file) {
  const int where = address == 0 ? 0 : MAP_FIXED_NOREPLACE;
  const int kind = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void *page = mmap((void *)address, PAGE_BYTES, protection, kind | where, file, 0);
  if (page == MAP_FAILED) fail("mmap");
  return page;
}

static int read_whole(void *to, size_t bytes) {
  return fread(to, bytes, 1, stdin) == 1;
}

int main(void) {
  static char input[1 << 20], output[1 << 20];
  setvbuf(stdin, input, _IOFBF, sizeof input);
  setvbuf(stdout, output, _IOFBF, sizeof output);

  static uint8_t signal_stack[1 << 16];
  stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
  if (sigaltstack(&stack, NULL) != 0) fail("sigaltstack");
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (sigaction(signals[i], &action, NULL) != 0) fail("sigaction");

  alarm(SECONDS_MAX);
  /* The page of the instructions a second time, where it can be written. */
  const int file = memfd_create("code", 0);
  if (file < 0 || ftruncate(file, PAGE_BYTES) != 0) fail("memfd_create");
  map_page(CODE_AT, PROT_READ | PROT_EXEC, file);
  uint8_t *code = map_page(0, PROT_READ | PROT_WRITE, file);
  uint8_t *data = map_page(DATA_AT, PROT_READ | PROT_WRITE, -1);
  if (syscall(SYS_arch_prctl, ARCH_SET_GS, GS_AT) != 0) fail("arch_prctl");

  while (read_whole(&request, sizeof request)) {
    /* The instructions, then jmp *0(%rip) to `leave`. */
    static const uint8_t jump[6] = {0xff, 0x25};
    const uint64_t target = (uint64_t)(uintptr_t)leave;
    memcpy(code, request.code, request.code_bytes);
    memcpy(code + request.code_bytes, jump, sizeof jump);
    memcpy(code + request.code_bytes + sizeof jump, &target, sizeof target);
    memcpy(data, request.memory, PAGE_BYTES);
    given = request.state;
    answer.signal = 0;
    answer.fault_address = 0;
    taken.instruction_pointer = CODE_AT + request.code_bytes;
    is_inside = 1;
    enter();
    is_inside = 0;
    answer.state = taken;
    memcpy(answer.memory, data, PAGE_BYTES);
    if (fwrite(&answer, sizeof answer, 1, stdout) != 1) fail("write");
  }
  if (fflush(stdout) != 0) fail("write");
  return 0;
}
