import { SystemError } from '../errno.ts';
import { DESCRIPTORS_MAX, type Kernel } from '../kernel.ts';
import type { Node } from '../nodes.ts';
import { sleep, waitForSignal } from '../timers.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { timeAt } from './time.ts';
import { O_ACCMODE } from './transfer.ts';

const POLLIN = 1;
const POLLOUT = 4;
const POLLHUP = 16;
const POLLNVAL = 32;

/** Waiting for descriptors to get ready. */
export const pollingCalls: SystemCalls = {
  poll: (kernel, given) => poll(kernel, given, milliseconds(given.int(2))),
  ppoll: (kernel, given) => {
    const timeout = given.address(2);
    return poll(kernel, given, timeout === 0n ? undefined : timeAt(kernel, timeout));
  },
  select: (kernel, given) => {
    const timeout = given.address(4);
    return select(kernel, given, timeout === 0n ? undefined : timeAt(kernel, timeout, 1000n));
  },
  pselect6: (kernel, given) => {
    const timeout = given.address(4);
    return select(kernel, given, timeout === 0n ? undefined : timeAt(kernel, timeout));
  },
};

const milliseconds = (count: number): bigint | undefined =>
  count < 0 ? undefined : BigInt(count) * 1_000_000n;

/** What a descriptor is ready for: reading, writing, hang-up. */
function readiness(node: Node, flags: number): number {
  const access = flags & O_ACCMODE;
  if (node.kind !== 'pipe') {
    return node.kind === 'stream' ? (node.stream === 0 ? POLLIN : POLLOUT) : POLLIN | POLLOUT;
  }
  if (access === 0) return (node.bytes.length > 0 ? POLLIN : 0) | (node.writers === 0 ? POLLHUP : 0);
  return POLLOUT;
}

function poll(kernel: Kernel, given: Arguments, timeoutNs: bigint | undefined): number {
  const count = given.size(1);
  if (count > DESCRIPTORS_MAX) throw new SystemError('EINVAL');
  const bytes = kernel.user.read(given.address(0), 8 * count);
  const view = new DataView(bytes.buffer);
  let ready = 0;
  for (let index = 0; index < count; index++) {
    const descriptor = view.getInt32(8 * index, true);
    const wanted = view.getUint16(8 * index + 4, true) | POLLHUP;
    const found = kernel.state.descriptors.get(descriptor);
    const is = found === undefined ? POLLNVAL : readiness(found.open.node, found.open.flags) & wanted;
    const told = descriptor < 0 ? 0 : is;
    view.setUint16(8 * index + 6, told, true);
    if (told !== 0) ready++;
  }
  if (ready === 0) waitInVain(kernel, timeoutNs);
  kernel.user.write(given.address(0), bytes);
  return ready;
}

function select(kernel: Kernel, given: Arguments, timeoutNs: bigint | undefined): number {
  const count = given.int(0);
  if (count < 0 || count > DESCRIPTORS_MAX) throw new SystemError('EINVAL');
  const size = Math.ceil(count / 64) * 8;
  const sets = [1, 2, 3].map((index) => {
    const address = given.address(index);
    return { address, bytes: address === 0n ? new Uint8Array(size) : kernel.user.read(address, size) };
  });
  let ready = 0;
  for (const [which, { bytes }] of sets.entries()) {
    const event = [POLLIN | POLLHUP, POLLOUT, 0][which];
    for (let descriptor = 0; descriptor < count; descriptor++) {
      const mask = 1 << (descriptor & 7);
      if ((bytes[descriptor >> 3] & mask) === 0) continue;
      const { node, flags } = kernel.open(descriptor);
      if ((readiness(node, flags) & event) !== 0) ready++;
      else bytes[descriptor >> 3] &= ~mask;
    }
  }
  if (ready === 0) waitInVain(kernel, timeoutNs);
  for (const { address, bytes } of sets) if (address !== 0n) kernel.user.write(address, bytes);
  return ready;
}

/** Nothing is ready, and nothing can get ready while a process waits that is alone. */
function waitInVain(kernel: Kernel, timeoutNs: bigint | undefined): void {
  if (timeoutNs === undefined) waitForSignal(kernel, 'it waits for descriptors that never get ready');
  else if (sleep(kernel, timeoutNs) > 0n) throw new SystemError('EINTR');
}
