import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { USER_ID } from '../loader.ts';
import type { Arguments, SystemCalls } from './call.ts';

/** Of -1, which leaves an identity as it is. */
const UNCHANGED = 0xffffffff;

/** Real, effective and saved identity: of a user without rights, which are all the same and stay so. */
export const userCalls: SystemCalls = {
  setuid: keepOne,
  setgid: keepOne,
  setreuid: (_, given) => keep(first(given, 2)),
  setregid: (_, given) => keep(first(given, 2)),
  setresuid: (_, given) => keep(first(given, 3)),
  setresgid: (_, given) => keep(first(given, 3)),
  setgroups: () => {
    throw new SystemError('EPERM');
  },
  getresuid: tellThree,
  getresgid: tellThree,
};

function keepOne(_: Kernel, given: Arguments): number {
  if (given.flags(0) === UNCHANGED) throw new SystemError('EINVAL');
  return keep(first(given, 1));
}

/** So many of the arguments, as unsigned numbers. */
const first = (given: Arguments, count: number): number[] =>
  Array.from({ length: count }, (_, index) => given.flags(index));

/** Throws EPERM for an identity of somebody else. */
export function keep(identities: readonly number[]): number {
  for (const wanted of identities) {
    if (wanted !== USER_ID && wanted !== UNCHANGED) throw new SystemError('EPERM');
  }
  return 0;
}

function tellThree({ user }: Kernel, given: Arguments): number {
  const bytes = new Uint8Array(new Uint32Array([USER_ID]).buffer);
  for (let index = 0; index < 3; index++) user.write(given.address(index), bytes);
  return 0;
}
