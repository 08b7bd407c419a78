import { GROUP_WORDS, SequenceDigest } from '../../kernel/sequence-digest.ts';
import type { Operations } from '../../processor/operations.ts';
import type { ProcessHooks, SystemCall } from './guest-process.ts';

/** Words of a system call: number, six arguments and the result, of 64 bits each, in whole groups. */
const CALL_GROUPS = Math.ceil((2 * 8) / GROUP_WORDS);

/** Digests of all that a program does. They cost far less than its execution. */
export class RunDigest {
  readonly operations = new SequenceDigest();
  readonly systemCalls = new SequenceDigest();
  readonly output = new SequenceDigest();
  operationCount = 0;
  private readonly call = new DataView(new ArrayBuffer(CALL_GROUPS * GROUP_WORDS * 4));
  private readonly callWords = new Int32Array(this.call.buffer);
  private readonly stream = new Uint8Array(1);

  /** To be given to the process. */
  readonly hooks: Required<Pick<ProcessHooks, 'operations' | 'systemCalled' | 'written'>> = {
    operations: (records) => this.takeOperations(records),
    systemCalled: (call) => this.takeCall(call),
    written: (descriptor, bytes) => {
      this.stream[0] = descriptor;
      this.output.addBytes(this.stream);
      this.output.addBytes(bytes);
    },
  };

  private takeOperations(records: Operations): void {
    const { count } = records;
    this.operations.add(records.words, records.firstWord, count);
    this.operationCount += count;
  }

  private takeCall({ number, arguments: given, result }: SystemCall): void {
    const { call } = this;
    call.setBigUint64(0, BigInt(number), true);
    for (const [place, argument] of given.entries()) call.setBigUint64(8 + 8 * place, argument, true);
    call.setBigInt64(8 + 8 * given.length, result, true);
    this.systemCalls.add(this.callWords, 0, CALL_GROUPS);
  }
}
