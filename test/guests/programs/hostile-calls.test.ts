import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessHooks } from '../../../src/guests/programs/guest-process.ts';
import type { Process } from '../../../src/guests/programs/process.ts';
import { programSpec } from '../../../src/guests/programs/program-spec.ts';
import { KEPT, TRANSLATED } from '../../../src/processor/memory.ts';
import { R8, R9, R10, RAX, RDI, RDX, RSI, RSP } from '../../../src/processor/registers.ts';
import { memoryDigest, startGuest } from '../../support/guests.ts';
import { CODE_AT, programOf } from '../../support/machine-code.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/programs/hostile-calls.test.ts';
const MEMORY_BYTES = 16 * 1024 * 1024;
const PERSISTENT_BYTES = 65536;
/** syscall, and back to it. */
const CODE = [0x0f, 0x05, 0xeb, 0xfc];
const ARGUMENTS = [RDI, RSI, RDX, R10, R8, R9];
const EXIT = new Set([60, 231]);
/** Where the tests have paths and structures for the program to hand over. */
const DATA_AT = CODE_AT + 0x1000;

const start = (hooks: ProcessHooks = {}): Process =>
  startGuest(
    programSpec({
      executable: programOf(CODE),
      path: '/bin/hostile',
      argv: ['hostile'],
      memoryBytes: MEMORY_BYTES,
      stdin: new Uint8Array(100),
      files: new Map([['/data', new Uint8Array(5000).fill(1)]]),
      persistentFiles: new Map([['/pool', { capacityBytes: PERSISTENT_BYTES }]]),
    }),
    hooks,
  );

/** Does one system call, as far as the program still runs. */
function call(process: Process, number: number, values: readonly bigint[]): void {
  const { processor } = process;
  processor.instructionPointer = CODE_AT;
  processor.setGeneral(RAX, BigInt(number));
  for (const [index, value] of values.entries()) processor.setGeneral(ARGUMENTS[index], value);
  process.run(processor.instructions + 1);
}

function resultOf(process: Process, number: number, values: readonly (number | bigint)[]): bigint {
  call(process, number, values.map(BigInt));
  return BigInt.asIntN(64, process.processor.general(RAX));
}

/** All that a program leaves: processor, memory and what it allows, files. */
function left(process: Process) {
  const { processor, end } = process;
  const { instructions, memory } = processor;
  const files = process.filePaths().map((path) => [path, digestOf(process.contents(path) ?? [])]);
  const allowed = memory.attributes.map((attributes) => attributes & ~(TRANSLATED | KEPT));
  return {
    end,
    registers: processor.describe(),
    instructions,
    files,
    allowed: digestOf(allowed),
    memory: memoryDigest(process),
  };
}

const digestOf = (bytes: Iterable<number>): string =>
  createHash('sha256').update(Uint8Array.from(bytes)).digest('hex');

const number = fc.oneof(
  fc.nat(460),
  fc.constantFrom(
    0,
    1,
    2,
    8,
    9,
    10,
    11,
    13,
    17,
    18,
    19,
    20,
    25,
    38,
    72,
    77,
    86,
    128,
    129,
    131,
    202,
    222,
    223,
    257,
    319,
    326,
  ),
  fc.nat(0xffffffff),
);

/** What a program could hand over for anything: small numbers, descriptors, flags, pointers that are right, and all others. */
const argument = fc.oneof(
  fc.bigInt({ min: -3n, max: 16n }),
  fc.constantFrom(...[0, 16, 64, 512, 1024, 4096, 2048].map((offset) => BigInt(DATA_AT + offset))),
  fc.constantFrom(
    0x10000n,
    0x400fffn,
    BigInt(CODE_AT),
    0x410fffn,
    0x411000n,
    BigInt(MEMORY_BYTES - 1),
    BigInt(MEMORY_BYTES - 4096),
    BigInt(MEMORY_BYTES),
    BigInt(MEMORY_BYTES + PERSISTENT_BYTES),
    0x7fffffffn,
    0x80000000n,
    0xfffff000n,
    0xffffffffn,
    0x100000000n,
    0x7fffffffffffn,
    0x800000000000n,
    1n << 63n,
    (1n << 63n) - 1n,
    (1n << 64n) - 4096n,
    (1n << 64n) - 1n,
  ),
  fc.bigInt({ min: 0n, max: 40n }).map((bits) => 1n << bits),
  fc.bigInt({ min: 0n, max: 0x8000n }),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
);
const calls = fc.array(fc.tuple(number, fc.array(argument, { minLength: 6, maxLength: 6 })), {
  minLength: 1,
  maxLength: 60,
});

/** Paths, and numbers that make sense as sizes, times, signals and addresses. */
function prepare({ processor: { memory } }: Process, noise: Uint8Array): void {
  memory.bytes.set(noise, DATA_AT + 1024);
  const paths = ['/data', '/pool', '/tmp', '../../etc/passwd', '/proc/self/exe', 'new', '/dev/zero'];
  let at = DATA_AT + 512;
  for (const path of paths) {
    memory.bytes.set(new TextEncoder().encode(`${path}\0`), at);
    at += 64;
  }
  for (const [place, value] of [DATA_AT, 64, 1, 0, 5, 4096, CODE_AT, MEMORY_BYTES - 4096].entries())
    memory.view.setBigUint64(DATA_AT + 8 * place, BigInt(value), true);
}

describe('a program that makes system calls at random', () => {
  it('gets results or signals, or is ended; nothing is thrown, whatever it hands over', () => {
    const numbers = new Set<number>();
    holds(
      fc.property(calls, fc.uint8Array({ minLength: 64, maxLength: 2048 }), (made, noise) => {
        const process = start();
        prepare(process, noise);
        for (const [index, [system, values]] of made.entries()) {
          if (process.end !== undefined) break;
          if (EXIT.has(system)) continue;
          if (index === 20) process.takeSnapshot();
          numbers.add(system);
          call(
            process,
            system,
            values.map((value) => BigInt.asUintN(64, value)),
          );
        }
      }),
      150,
      FILE,
    );
    expect(numbers.size).toBeGreaterThan(300);
  });

  it('does all of it again, with the same results, from a snapshot, wherever that is taken', () => {
    holds(
      fc.property(calls, fc.uint8Array({ minLength: 64, maxLength: 2048 }), fc.nat(20), (made, noise, at) => {
        const told: unknown[] = [];
        const process = start({
          systemCalled: ({ name, result, clockNs }) => told.push([name, result, clockNs]),
          written: (descriptor, bytes) => told.push([descriptor, ...bytes]),
          persistentResized: (path, sizeBytes) => told.push([path, sizeBytes]),
        });
        prepare(process, noise);
        const whatComesOf = (some: typeof made): unknown => {
          told.length = 0;
          for (const [system, values] of some) {
            if (process.end !== undefined) break;
            if (!EXIT.has(system))
              call(
                process,
                system,
                values.map((value) => BigInt.asUintN(64, value)),
              );
          }
          return { told: [...told], ...left(process) };
        };
        whatComesOf(made.slice(0, at));
        process.takeSnapshot();
        const before = whatComesOf([]);
        const behind = whatComesOf(made.slice(at));
        for (let time = 0; time < 2; time++) {
          process.restore();
          expect(whatComesOf([])).toEqual(before);
          expect(whatComesOf(made.slice(at))).toEqual(behind);
        }
      }),
      25,
      FILE,
    );
  });

  it('is ended by a signal where it returns from a handler with no frame on the stack', () => {
    const RT_SIGRETURN = 15;
    for (const stackPointer of [0n, 7n, 8n, BigInt(MEMORY_BYTES) - 8n, 1n << 63n, (1n << 64n) - 1n]) {
      const process = start();
      process.processor.setGeneral(RSP, stackPointer);
      call(process, RT_SIGRETURN, []);
      expect(process.end).toMatchObject({ why: 'killed', signalName: 'SIGSEGV' });
    }
  });

  it('comes to no time that its clocks have no bits for, however long and often it sleeps', () => {
    const NANOSLEEP = 35;
    const clocks: bigint[] = [];
    const process = start({ systemCalled: ({ clockNs }) => clocks.push(clockNs) });
    process.processor.memory.view.setBigUint64(DATA_AT, (1n << 63n) - 1n, true);
    for (let time = 0; time < 3; time++) call(process, NANOSLEEP, [BigInt(DATA_AT), 0n]);
    expect(clocks).toHaveLength(3);
    for (const clockNs of clocks) expect(clockNs >= 1n << 62n && clockNs < 1n << 64n).toBe(true);
  });

  it('is told of as many overruns of a timer as an int can say', () => {
    const [RT_SIGPROCMASK, NANOSLEEP, TIMER_CREATE, TIMER_SETTIME, TIMER_GETOVERRUN] = [
      14, 35, 222, 223, 225,
    ];
    const process = start();
    const { view } = process.processor.memory;
    const setWords = (...words: bigint[]): void => {
      for (const [word, value] of words.entries()) view.setBigUint64(DATA_AT + 8 * word, value, true);
    };
    setWords((1n << 64n) - 1n);
    expect(resultOf(process, RT_SIGPROCMASK, [0, DATA_AT, 0, 8])).toBe(0n);
    expect(resultOf(process, TIMER_CREATE, [1, 0, DATA_AT])).toBe(0n);
    setWords(0n, 1n, 0n, 1n); // every nanosecond, from the first one on
    expect(resultOf(process, TIMER_SETTIME, [0, 0, DATA_AT, 0])).toBe(0n);
    for (const seconds of [10n, 1n << 62n]) {
      setWords(seconds, 0n);
      expect(resultOf(process, NANOSLEEP, [DATA_AT, 0])).toBe(0n);
      expect(resultOf(process, TIMER_GETOVERRUN, [0])).toBe(0x7fff_ffffn);
    }
  });

  it('finds no room for one more signal that it queues, but its timers do', () => {
    const [RT_SIGPROCMASK, RT_SIGQUEUEINFO, RT_SIGPENDING, SETITIMER, GETPID] = [14, 129, 127, 38, 39];
    const [SIGNAL, SIGALRM, EAGAIN] = [40, 14, 11];
    const process = start();
    const { processor } = process;
    const { view } = processor.memory;
    const result = (number: number, ...values: (number | bigint)[]): bigint =>
      resultOf(process, number, values);
    view.setBigUint64(DATA_AT, (1n << 64n) - 1n, true);
    expect(result(RT_SIGPROCMASK, 0, DATA_AT, 0, 8)).toBe(0n);
    const self = result(GETPID);
    view.setInt32(DATA_AT, SIGNAL, true);
    view.setInt32(DATA_AT + 8, -1, true);
    const results = Array.from({ length: 1001 }, () => result(RT_SIGQUEUEINFO, self, SIGNAL, DATA_AT));
    expect(results.slice(-2)).toEqual([0n, BigInt(-EAGAIN)]);

    for (const [word, value] of [0n, 0n, 0n, 1n].entries())
      view.setBigUint64(DATA_AT + 8 * word, value, true);
    expect(result(SETITIMER, 0, DATA_AT, 0)).toBe(0n);
    processor.instructionPointer = CODE_AT + 2;
    process.run(processor.instructions + 2000);

    expect(result(RT_SIGPENDING, DATA_AT, 8)).toBe(0n);
    expect((view.getBigUint64(DATA_AT, true) >> BigInt(SIGALRM - 1)) & 1n).toBe(1n);
  });
});
