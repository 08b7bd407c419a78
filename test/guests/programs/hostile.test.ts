import { describe, expect, it } from 'vitest';
import { programSpec } from '../../../src/guests/programs/program-spec.ts';
import { type RanGuest, runGuest, x86Fixture } from '../../support/guests.ts';

const MIB = 2 ** 20;

/** Runs fixtures/x86/hostile/hostile.elf, whose source says what each way is. */
const hostile = (how: string, instructionsMax = 20_000_000): RanGuest => {
  const executable = x86Fixture('hostile/hostile.elf');
  const spec = programSpec({
    executable,
    path: '/bin/hostile',
    argv: ['hostile', how],
    memoryBytes: 32 * MIB,
  });
  return runGuest(spec, instructionsMax);
};

describe('a hostile program', () => {
  it.each([
    ['data', 'SIGSEGV', /^execute at 0x[0-9a-f]+, which is protected/],
    ['unmapped', 'SIGSEGV', /execute at 0x12345678, where nothing is mapped/],
    ['null', 'SIGSEGV', /execute at 0x0, where nothing is mapped/],
    ['high', 'SIGSEGV', /execute at 0x100401000, where nothing is mapped/],
    ['non-canonical', 'SIGSEGV', /execute at 0x8000000000000000, which is no address/],
    ['middle', 'SIGILL', /illegal instruction ud2/],
    ['last-byte', 'SIGSEGV', /execute at 0x[0-9a-f]+000, where nothing is mapped/],
    ['stack', 'SIGSEGV', /write at 0x[0-9a-f]+, where nothing is mapped/],
    ['nested', 'SIGSEGV', /no room on the stack for the handler/],
    ['top', 'SIGSEGV', /write at 0x1fffffc, where nothing is mapped/],
    ['sigreturn', 'SIGSEGV', /the frame of a signal handler is gone/],
    ['sigreturn-nowhere', 'SIGSEGV', /the frame of a signal handler is gone/],
    ['protect', 'SIGSEGV', /execute at 0x[0-9a-f]+, which is protected/],
  ])('is ended by a signal as on Linux: %s', (how, signalName, reason) => {
    expect(hostile(how).end).toMatchObject({
      why: 'killed',
      signalName,
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    // What of 32 MiB is left by 8 for the stack and 1 for the guard below it; the program lies at 4.
    ['mmap', '22'],
    ['brk', '18'],
    ['open', '1021'],
    ['sizes', '1024'],
    ['directories', '499'],
    ['nops', '7'],
    ['storm', String((64 * 500 * 499) / 2)],
    ['trap', '4'],
    ['queue', '1000'],
  ])('gets as much as there is, and goes on: %s', (how, told) => {
    const { end, stdout } = hostile(how, 100_000_000);

    expect(end).toEqual({ why: 'exited', status: 0 });
    expect(stdout).toBe(`${told}\n`);
  });

  it.each(['loop', 'calls', 'writes', 'handler'])('runs as long as it is let: %s', (how) => {
    const { end, process } = hostile(how, 30_000);

    expect(end).toBeUndefined();
    expect(process.processor.instructions).toBe(30_000);
  });

  it.each(['fork', 'vfork', 'thread', 'execve'])('is told that it cannot start others: %s', (how) => {
    expect(hostile(how).end).toMatchObject({
      why: 'unsupported',
      reason: expect.stringMatching(/^programs .* are not supported yet$/),
    });
  });

  it.each(['host', 'lengths', 'numbers', 'moves'])('gets errors as on Linux: %s', (how) => {
    const { end, process } = hostile(how);

    expect(end).toEqual({ why: 'exited', status: 0 });
    expect(process.unknownSystemCalls.size).toBeLessThan(1000);
  });
});
