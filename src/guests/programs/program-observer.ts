import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import type { OperationRecord } from '../../processor/operations.ts';
import type { ProgramPosition, SystemCall, ToldFact } from './guest-process.ts';
import { signalName } from './signal-numbers.ts';

/** Bytes of one event. */
const RANDOM_BYTES = 64;

/** One thread of the guest is one core of the machine. */
const core = 0;

/** Makes events of what a program does besides its operations on NVDIMMs. */
export class ProgramObserver {
  constructor(private readonly take: (event: MemoryEvent) => void) {}

  /** `data`: hexadecimal digits in memory order. */
  accessed({ kind, address }: OperationRecord, data: string, at: ProgramPosition): void {
    const access = { core, address: BigInt(address), data };
    if (kind === 'load') this.take({ kind: 'memory.loaded', ...access, ...originOf(at) });
    else if (kind === 'store') this.take({ kind: 'memory.stored', ...access, ...originOf(at) });
    else this.take({ kind: 'memory.stored', ...access, nonTemporal: true, ...originOf(at) });
  }

  flushed(instruction: 'clwb' | 'clflushopt' | 'clflush', address: number, at: ProgramPosition): void {
    this.take({ kind: 'memory.flushed', core, address: BigInt(address), instruction, ...originOf(at) });
  }

  locked(at: ProgramPosition): void {
    this.take({ kind: 'locked.executed', core, ...originOf(at) });
  }

  told(fact: ToldFact, at: ProgramPosition): void {
    switch (fact.what) {
      case 'clock':
        this.take({ kind: 'clock.read', core, value: fact.value, ...originOf(at) });
        return;
      case 'cpuid':
        this.take({
          kind: 'cpuid.executed',
          core,
          leaf: BigInt(fact.leaf),
          subleaf: BigInt(fact.subleaf),
          eax: BigInt(fact.eax),
          ebx: BigInt(fact.ebx),
          ecx: BigInt(fact.ecx),
          edx: BigInt(fact.edx),
          ...originOf(at),
        });
        return;
      case 'signal': {
        const { number, handler } = fact;
        this.take({
          kind: 'signal.delivered',
          core,
          number,
          name: signalName(number),
          handler,
          ...originOf(at),
        });
        return;
      }
      case 'random':
        for (let from = 0; from < fact.bytes.length; from += RANDOM_BYTES) {
          const data = hexOfBytes(fact.bytes.subarray(from, from + RANDOM_BYTES));
          this.take({ kind: 'random.drawn', core, data, ...originOf(at) });
        }
    }
  }

  called({ number, name, arguments: given, result, clockNs }: SystemCall, at: ProgramPosition): void {
    const [rdi, rsi, rdx, r10, r8, r9] = given;
    this.take({
      kind: 'call.done',
      core,
      number,
      name,
      ...{ rdi, rsi, rdx, r10, r8, r9 },
      result: BigInt.asUintN(64, result),
      clockNs,
      ...originOf(at),
    });
  }

  ended(how: string, at: ProgramPosition): void {
    this.take({ kind: 'program.ended', core, how, ...originOf(at) });
  }
}

/** What an event says of the instruction that it comes from. */
export const originOf = ({ instructionPointer, instructions }: ProgramPosition) => ({
  rip: BigInt(instructionPointer),
  executed: instructions,
});

const hexOfBytes = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
