import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import { machineConfiguration } from '../../src/hardware/persistent-memory/configuration.ts';
import { type CampaignIdentity, difference, identityOf } from '../../src/node/campaign-identity.ts';
import { type ProgramRequest, programRequest } from '../../src/node/program-request.ts';
import { ProgramSource } from '../../src/node/program-source.ts';
import { inRepository } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const LIST = inRepository('fixtures/x86/programs/list.elf');
const POOL = folder('pool');

const requestOf = (given: Partial<ProgramRequest> = {}): ProgramRequest =>
  programRequest({
    command: [LIST, 'pool', '1'],
    persistentFiles: [{ host: POOL, guest: '/pool', capacityBytes: 65_536 }],
    memoryBytes: 32 << 20,
    ...given,
  });

function identity(given?: Partial<ProgramRequest>): CampaignIdentity {
  const program = { request: requestOf(given), budgetInstructions: 1_000_000 };
  const spec = { log: 'list', program, base: [], configuration: {}, limits: limitsOf({}), seed: 0n };
  return identityOf({ ...spec, checker: undefined, shard: wholeShard }, machineConfiguration({}));
}

describe('a campaign on a program', () => {
  it('is another one with another program, or when that is given something else', () => {
    const first = identity();

    expect(difference(first, identity())).toBeUndefined();
    for (const other of [
      { command: [LIST, 'pool', '2'] },
      { command: [inRepository('fixtures/x86/programs/list-missing-flush.elf'), 'pool', '1'] },
      { seed: '0x1' },
    ])
      expect(difference(first, identity(other))).toBe('the program differs, or what it is given');
  });

  it('says so when its pool is there already', () => {
    const notes = () => ProgramSource.run({ request: requestOf(), budgetInstructions: 1_000_000 }).notes;
    const before = notes();
    writeFileSync(POOL, new Uint8Array(16_384));

    expect(before).toEqual([]);
    expect(notes()).toEqual([
      `/pool begins with what the file ${POOL} holds; without that file it begins empty`,
    ]);
  });
});
