import { SystemError } from '../errno.ts';
import type { SystemCalls } from './call.ts';
import { PROCESS_ID } from './identity.ts';

const SCHED_OTHER = 0;
/** Of policies, by number: SCHED_FIFO and SCHED_RR have priorities. */
const PRIORITIES: Readonly<Record<number, readonly [min: number, max: number] | undefined>> = {
  0: [0, 0],
  1: [1, 99],
  2: [1, 99],
  3: [0, 0],
  5: [0, 0],
};
/** What getpriority answers for a nice value of 0. */
const NICE_ZERO = 20;
const MASK_BYTES = 8;

/** One thread on one processor, with the usual priority. */
export const schedulingCalls: SystemCalls = {
  sched_yield: () => 0,
  sched_getaffinity: (kernel, given) => {
    ofThisThread(given.int(0));
    if (given.size(1) < MASK_BYTES) throw new SystemError('EINVAL');
    kernel.user.write(given.address(2), new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
    return MASK_BYTES;
  },
  sched_setaffinity: (kernel, given) => {
    ofThisThread(given.int(0));
    const [first = 0] = kernel.user.read(given.address(2), Math.min(given.size(1), MASK_BYTES));
    if ((first & 1) === 0) throw new SystemError('EINVAL');
    return 0;
  },
  sched_getscheduler: (_, given) => {
    ofThisThread(given.int(0));
    return SCHED_OTHER;
  },
  sched_setscheduler: (_, given) => {
    ofThisThread(given.int(0));
    if (given.int(1) !== SCHED_OTHER) throw new SystemError('EPERM');
    return 0;
  },
  sched_getparam: (kernel, given) => {
    ofThisThread(given.int(0));
    kernel.user.write(given.address(1), new Uint8Array(4));
    return 0;
  },
  sched_get_priority_min: (_, given) => prioritiesOf(given.int(0))[0],
  sched_get_priority_max: (_, given) => prioritiesOf(given.int(0))[1],
  getpriority: () => NICE_ZERO,
  setpriority: () => 0,
  getcpu: (kernel, given) => {
    for (const index of [0, 1]) {
      if (given.address(index) !== 0n) kernel.user.write(given.address(index), new Uint8Array(4));
    }
    return 0;
  },
};

/** Throws ESRCH for another thread. */
function ofThisThread(thread: number): void {
  if (thread !== 0 && thread !== PROCESS_ID) throw new SystemError('ESRCH');
}

/** Throws EINVAL. */
function prioritiesOf(policy: number): readonly [min: number, max: number] {
  const found = PRIORITIES[policy];
  if (found === undefined) throw new SystemError('EINVAL');
  return found;
}
