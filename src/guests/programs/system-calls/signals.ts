import { RSP } from '../../../processor/registers.ts';
import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { USER_ID } from '../loader.ts';
import { INFORMATION_BYTES } from '../signal-frame.ts';
import { SIGKILL, SIGNALS_MAX, SIGSTOP } from '../signal-numbers.ts';
import { SI_TKILL, SI_USER, type SignalStack, SS_DISABLE, SS_ONSTACK } from '../signal-state.ts';
import { isOnStack, send, UNBLOCKABLE } from '../signals.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { PROCESS_ID } from './identity.ts';

const MASK_BYTES = 8;
const MINIMAL_STACK_BYTES = 2048n;

export const signalCalls: SystemCalls = {
  rt_sigaction: setAction,
  rt_sigprocmask: setMask,
  rt_sigpending: (kernel, given) => {
    if (given.size(1) > MASK_BYTES) throw new SystemError('EINVAL');
    const { pending } = kernel.state.signals;
    const mask = pending.reduce((bits, { signal }) => bits | (1n << BigInt(signal - 1)), 0n);
    kernel.user.write(given.address(0), word(mask));
    return 0;
  },
  sigaltstack: setStack,
  kill: (kernel, given) => {
    const process = given.int(0);
    if (process !== PROCESS_ID && process !== 0 && process !== -1 && process !== -PROCESS_ID) {
      throw new SystemError('ESRCH');
    }
    return signal(kernel, given.int(1), SI_USER);
  },
  rt_sigqueueinfo: (kernel, given) => {
    if (given.int(0) !== PROCESS_ID) throw new SystemError('ESRCH');
    const number = given.int(1);
    const view = new DataView(kernel.user.read(given.address(2), INFORMATION_BYTES).buffer);
    if (number < 0 || number > SIGNALS_MAX) throw new SystemError('EINVAL');
    if (number === 0) return 0;
    const [sender, value] = [view.getBigUint64(16, true), view.getBigUint64(24, true)];
    const info = { signal: number, code: view.getInt32(8, true), sender, value };
    send(kernel.state, { ...info, address: 0n, trap: 0, error: 0, faultAddress: 0n });
    return 0;
  },
  tkill: (kernel, given) => toThread(kernel, given.int(0), given.int(1)),
  tgkill: (kernel, given) => {
    if (given.int(0) !== PROCESS_ID) throw new SystemError('ESRCH');
    return toThread(kernel, given.int(1), given.int(2));
  },
};

const word = (value: bigint): Uint8Array => new Uint8Array(new BigUint64Array([value]).buffer);

function toThread(kernel: Kernel, thread: number, number: number): number {
  if (thread !== PROCESS_ID) throw new SystemError('ESRCH');
  return signal(kernel, number, SI_TKILL);
}

function signal(kernel: Kernel, number: number, code: number): number {
  if (number < 0 || number > SIGNALS_MAX) throw new SystemError('EINVAL');
  if (number === 0) return 0;
  const sender = BigInt(PROCESS_ID) | (BigInt(USER_ID) << 32n);
  send(kernel.state, { signal: number, code, address: 0n, sender, trap: 0, error: 0, faultAddress: 0n });
  return 0;
}

/** struct kernel_sigaction: handler, flags, restorer, mask. */
function setAction(kernel: Kernel, given: Arguments): number {
  const { user, state } = kernel;
  const number = given.int(0);
  if (number < 1 || number > SIGNALS_MAX || given.size(3) !== MASK_BYTES) throw new SystemError('EINVAL');
  const [fresh, old] = [given.address(1), given.address(2)];
  if (fresh !== 0n && (number === SIGKILL || number === SIGSTOP)) throw new SystemError('EINVAL');
  const before = state.signals.actions[number];
  const action =
    fresh === 0n
      ? before
      : {
          handler: user.number(fresh, 8),
          flags: Number(BigInt.asUintN(32, user.number(fresh + 8n, 8))),
          restorer: user.number(fresh + 16n, 8),
          mask: user.number(fresh + 24n, 8),
        };
  if (old !== 0n) {
    const told = [before.handler, BigInt(before.flags), before.restorer, before.mask];
    user.write(old, new Uint8Array(new BigUint64Array(told).buffer));
  }
  state.signals.actions[number] = action;
  return 0;
}

function setMask({ user, state: { signals } }: Kernel, given: Arguments): number {
  const [set, old] = [given.address(1), given.address(2)];
  if (given.size(3) !== MASK_BYTES) throw new SystemError('EINVAL');
  const before = signals.blocked;
  if (set !== 0n) {
    const mask = user.number(set, 8) & ~UNBLOCKABLE;
    const after = [before | mask, before & ~mask, mask][given.int(0)];
    if (after === undefined) throw new SystemError('EINVAL');
    signals.blocked = after;
  }
  if (old !== 0n) user.write(old, word(before));
  return 0;
}

/** struct sigaltstack: pointer, flags, size. */
function setStack({ processor, user, state: { signals } }: Kernel, given: Arguments): number {
  const [fresh, old] = [given.address(0), given.address(1)];
  const { stack } = signals;
  const isOn = isOnStack(stack, processor.general(RSP));
  if (fresh !== 0n) {
    const flags = Number(user.number(fresh + 8n, 4));
    const isDisabled = (flags & SS_DISABLE) !== 0;
    if (isOn) throw new SystemError('EPERM');
    if ((flags & ~(SS_DISABLE | SS_ONSTACK)) !== 0) throw new SystemError('EINVAL');
    const made: SignalStack = {
      pointer: isDisabled ? 0n : user.number(fresh, 8),
      flags: isDisabled ? SS_DISABLE : 0,
      sizeBytes: isDisabled ? 0n : user.number(fresh + 16n, 8),
    };
    if (!isDisabled && made.sizeBytes < MINIMAL_STACK_BYTES) throw new SystemError('ENOMEM');
    signals.stack = made;
  }
  if (old !== 0n) {
    const bytes = new Uint8Array(24);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, stack.pointer, true);
    view.setInt32(8, stack.flags | (isOn ? SS_ONSTACK : 0), true);
    view.setBigUint64(16, stack.sizeBytes, true);
    user.write(old, bytes);
  }
  return 0;
}
