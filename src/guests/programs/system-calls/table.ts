import { attributeCalls } from './attributes.ts';
import type { SystemCallHandler, SystemCalls } from './call.ts';
import { copyingCalls } from './copying.ts';
import { createdTimerCalls } from './created-timers.ts';
import { descriptorCalls } from './descriptors.ts';
import { fileSystemCalls } from './file-systems.ts';
import { identityCalls } from './identity.ts';
import { linkCalls } from './links.ts';
import { memoryCalls } from './memory.ts';
import { pathCalls } from './paths.ts';
import { pollingCalls } from './polling.ts';
import { remappingCalls } from './remapping.ts';
import { schedulingCalls } from './scheduling.ts';
import { signalCalls } from './signals.ts';
import { socketCalls } from './sockets.ts';
import { statusCalls } from './status.ts';
import { timeCalls } from './time.ts';
import { timerCalls } from './timers.ts';
import { transferCalls } from './transfer.ts';
import { userCalls } from './users.ts';

/** All system calls that there are, by name; but rt_sigreturn, which has no result. */
const ALL: SystemCalls = {
  ...transferCalls,
  ...copyingCalls,
  ...pathCalls,
  ...linkCalls,
  ...attributeCalls,
  ...statusCalls,
  ...fileSystemCalls,
  ...descriptorCalls,
  ...pollingCalls,
  ...memoryCalls,
  ...remappingCalls,
  ...signalCalls,
  ...timeCalls,
  ...timerCalls,
  ...createdTimerCalls,
  ...identityCalls,
  ...userCalls,
  ...schedulingCalls,
  ...socketCalls,
};

const BY_NAME: ReadonlyMap<string, SystemCallHandler> = new Map(Object.entries(ALL));

export const systemCallHandler = (name: string): SystemCallHandler | undefined => BY_NAME.get(name);
