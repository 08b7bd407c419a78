import { describe, expect, it } from 'vitest';
import { attributeCalls } from '../../../src/guests/programs/system-calls/attributes.ts';
import { copyingCalls } from '../../../src/guests/programs/system-calls/copying.ts';
import { createdTimerCalls } from '../../../src/guests/programs/system-calls/created-timers.ts';
import { descriptorCalls } from '../../../src/guests/programs/system-calls/descriptors.ts';
import { fileSystemCalls } from '../../../src/guests/programs/system-calls/file-systems.ts';
import { identityCalls } from '../../../src/guests/programs/system-calls/identity.ts';
import { linkCalls } from '../../../src/guests/programs/system-calls/links.ts';
import { memoryCalls } from '../../../src/guests/programs/system-calls/memory.ts';
import { systemCallName } from '../../../src/guests/programs/system-calls/names.ts';
import { pathCalls } from '../../../src/guests/programs/system-calls/paths.ts';
import { pollingCalls } from '../../../src/guests/programs/system-calls/polling.ts';
import { remappingCalls } from '../../../src/guests/programs/system-calls/remapping.ts';
import { schedulingCalls } from '../../../src/guests/programs/system-calls/scheduling.ts';
import { signalCalls } from '../../../src/guests/programs/system-calls/signals.ts';
import { socketCalls } from '../../../src/guests/programs/system-calls/sockets.ts';
import { statusCalls } from '../../../src/guests/programs/system-calls/status.ts';
import { systemCallHandler } from '../../../src/guests/programs/system-calls/table.ts';
import { timeCalls } from '../../../src/guests/programs/system-calls/time.ts';
import { timerCalls } from '../../../src/guests/programs/system-calls/timers.ts';
import { transferCalls } from '../../../src/guests/programs/system-calls/transfer.ts';
import { userCalls } from '../../../src/guests/programs/system-calls/users.ts';

const groups = [
  transferCalls,
  pathCalls,
  statusCalls,
  descriptorCalls,
  memoryCalls,
  signalCalls,
  timeCalls,
  timerCalls,
  createdTimerCalls,
  identityCalls,
  userCalls,
  attributeCalls,
  copyingCalls,
  fileSystemCalls,
  linkCalls,
  pollingCalls,
  remappingCalls,
  schedulingCalls,
  socketCalls,
];

describe('system calls', () => {
  it('have the numbers of Linux on x86-64', () => {
    const numbers = {
      read: 0,
      rt_sigreturn: 15,
      exit: 60,
      getdents64: 217,
      rseq: 334,
      clone3: 435,
      statx: 332,
    };
    for (const [name, number] of Object.entries(numbers)) expect(systemCallName(number)).toBe(name);
    expect([335, 423, 1000].map(systemCallName)).toEqual([undefined, undefined, undefined]);
  });

  it('are each in one group, under a name that Linux has, and in the table', () => {
    const known = new Set(Array.from({ length: 500 }, (_, number) => systemCallName(number)));
    const names = groups.flatMap((group) => Object.keys(group));

    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => systemCallHandler(name) === undefined)).toEqual([]);
    expect(names.length).toBeGreaterThan(180);
  });
});
