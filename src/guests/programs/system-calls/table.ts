import type { SystemCallHandler, SystemCalls } from './call.ts';
import { descriptorCalls } from './descriptors.ts';
import { identityCalls } from './identity.ts';
import { memoryCalls } from './memory.ts';
import { pathCalls } from './paths.ts';
import { signalCalls } from './signals.ts';
import { statusCalls } from './status.ts';
import { timeCalls } from './time.ts';
import { timerCalls } from './timers.ts';
import { transferCalls } from './transfer.ts';
import { userCalls } from './users.ts';

/** All system calls that there are, by name; but rt_sigreturn, which has no result. */
const ALL: SystemCalls = {
  ...transferCalls,
  ...pathCalls,
  ...statusCalls,
  ...descriptorCalls,
  ...memoryCalls,
  ...signalCalls,
  ...timeCalls,
  ...timerCalls,
  ...identityCalls,
  ...userCalls,
};

const BY_NAME: ReadonlyMap<string, SystemCallHandler> = new Map(Object.entries(ALL));

export const systemCallHandler = (name: string): SystemCallHandler | undefined => BY_NAME.get(name);
