import { describe, expect, it } from 'vitest';
import { describeAtoms, witnessLines } from '../../../src/recordings/reports/atoms.ts';
import { sampleGroup } from './sample-report.ts';

describe('the lines of a witness', () => {
  it('are those that survive in part and those whose stores are missing, by address', () => {
    const lines = witnessLines(sampleGroup());

    expect(lines.map(({ fileOffset }) => fileOffset)).toEqual([0x40, 0x80]);
    expect(lines.map(describeAtoms)).toEqual(['+0x08 lost', '+0x00 durable (2 stores); +0x38 durable']);
  });

  it('tell an atom of which an earlier store is durable and a later one lost', () => {
    const group = sampleGroup();
    const missing = { ...group.stores![0], fileOffset: 0x80 };

    expect(witnessLines({ ...group, stores: [missing] }).map(describeAtoms)).toEqual([
      '+0x00 durable (2 stores), then lost; +0x38 durable',
    ]);
  });

  it('are not those of stores that a recovery made, after the crash', () => {
    const lines = witnessLines({ ...sampleGroup(), inRecovery: true });
    expect(lines.map(describeAtoms)).toEqual(['+0x00 durable (2 stores); +0x38 durable']);
  });

  it('are none where nothing survives and no cause was found', () => {
    const group = sampleGroup();

    expect(witnessLines({ ...group, stores: [], witness: { ...group.witness, survivors: [] } })).toEqual([]);
  });
});
