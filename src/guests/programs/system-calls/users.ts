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
  setreuid: (_, given) => keep(given, 2),
  setregid: (_, given) => keep(given, 2),
  setresuid: (_, given) => keep(given, 3),
  setresgid: (_, given) => keep(given, 3),
  setgroups: () => {
    throw new SystemError('EPERM');
  },
  getresuid: tellThree,
  getresgid: tellThree,
};

function keepOne(_: Kernel, given: Arguments): number {
  if (given.flags(0) === UNCHANGED) throw new SystemError('EINVAL');
  return keep(given, 1);
}

/** Throws EPERM for an identity of somebody else. */
function keep(given: Arguments, count: number): number {
  for (let index = 0; index < count; index++) {
    const wanted = given.flags(index);
    if (wanted !== USER_ID && wanted !== UNCHANGED) throw new SystemError('EPERM');
  }
  return 0;
}

function tellThree({ user }: Kernel, given: Arguments): number {
  const bytes = new Uint8Array(new Uint32Array([USER_ID]).buffer);
  for (let index = 0; index < 3; index++) user.write(given.address(index), bytes);
  return 0;
}
