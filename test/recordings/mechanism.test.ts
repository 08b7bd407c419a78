import { describe, expect, it } from 'vitest';
import type { FaultWitness } from '../../src/explore/fault-campaign/fault-witness.ts';
import { huntMutant } from '../../src/explore/fault-campaign/mutant-hunt.ts';
import { runVerdictOf } from '../../src/explore/fault-campaign/run-verdict.ts';
import { twoBitMaps } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/two-bit-maps.ts';
import type { Mechanism } from '../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';
import { writeFaultWitness } from '../../src/node/fault-witness-file.ts';
import { judgedReplay } from '../../src/node/judged-replay.ts';
import {
  type JsonRecord,
  mechanismHeader,
  mechanismRecording,
  replayRecording,
  settingFrom,
} from '../../src/recordings/recordings.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const witness = huntMutant(twoBitMaps, 'd').witness as FaultWitness;
const setting = settingOf(twoBitMaps, witness.scenario, 'd');
const { configuration } = mechanismHeader(twoBitMaps, setting);

/** The mechanism as it may be years later: its scenarios are others. */
const later: Mechanism = { ...twoBitMaps, scenarios: [] };

describe('the header of a mechanism’s recording', () => {
  it('has the whole setting, as plain JSON', () => {
    const read = settingFrom(later, JSON.parse(JSON.stringify(configuration)) as JsonRecord);

    expect(read.mutant).toBe('d');
    expect(read.policy).toEqual(setting.policy);
    expect(read.scenario.world).toEqual(witness.scenario.world);
    expect(read.scenario.actors).toEqual(witness.scenario.actors);
  });

  it.each<[string, JsonRecord, RegExp]>([
    ['scenario', { scenario: 3 }, /scenario must be a name/],
    ['world', { world: [] }, /world must be an object/],
    ['actors', { actors: { p0: [{ block: 1 }] } }, /actors must be lists of instructions/],
    ['policy', { policy: { output: 1 } }, /policy must be an object of texts/],
    ['choice', { policy: { output: 'late' } }, /output must be one of held, immediate/],
    ['mutant', { mutant: 'zz' }, /has no mutant zz/],
  ])('is refused when its %s is none', (_, changed, told) => {
    expect(() => mechanismRecording(later).initial({ ...configuration, ...changed })).toThrow(told);
  });
});

describe('the digest of a state', () => {
  const { digest } = mechanismRecording(twoBitMaps).model;

  it('does not depend on the order of members, nor on what never changes', () => {
    const state = twoBitMaps.initial(setting);
    const turned = Object.fromEntries(Object.entries(state).reverse());

    expect(digest(turned).hex()).toBe(digest(state).hex());
    expect(digest(twoBitMaps.initial({ ...setting, mutant: undefined })).hex()).toBe(digest(state).hex());
  });

  it('depends on each event', () => {
    const state = twoBitMaps.initial(setting);
    const digests = new Set([digest(state).hex()]);
    for (const event of witness.events) {
      twoBitMaps.evolve(state, event);
      digests.add(digest(state).hex());
    }
    expect(digests.size).toBe(witness.events.length + 1);
  });
});

describe('a witness', () => {
  it('of a mutant is named after it, and breaks its invariant again at the last event', async () => {
    const path = await writeFaultWitness(folder('witnesses'), witness, twoBitMaps);
    expect(path).toMatch(/S13\.4-d\.ndjson$/);

    const { recorded, breach, stands } = await judgedReplay(path, path, later);

    expect(recorded).toMatchObject({ kind: 'violating', mutant: 'd', faults: [{ number: 'F4', events: 1 }] });
    expect(breach).toEqual({
      invariant: witness.invariant,
      message: witness.message,
      events: witness.events.length,
    });
    expect(stands).toBe(true);
  });

  it('of a mechanism without a mutant is named after scenario and invariant', async () => {
    // The mutant's defect as if it were the mechanism's own.
    const broken: Mechanism = {
      ...twoBitMaps,
      initial: (given) => twoBitMaps.initial({ ...given, mutant: 'd' }),
    };
    const path = await writeFaultWitness(folder('witnesses'), { ...witness, mutant: undefined }, broken);
    expect(path).toMatch(new RegExp(`S13\\.4-${witness.scenario.name}-${witness.invariant}\\.ndjson$`));

    expect((await judgedReplay(path, path, broken)).stands).toBe(true);
  });

  it('leads elsewhere when the invariant says something else, or breaks before', async () => {
    const path = await writeFaultWitness(folder('witnesses'), witness, twoBitMaps);
    const judgedBy = (holds: () => true | string) =>
      judgedReplay(path, path, {
        ...twoBitMaps,
        invariants: twoBitMaps.invariants.map((one) =>
          one.name === witness.invariant ? { ...one, holds } : one,
        ),
      });

    expect(await judgedBy(() => true)).toMatchObject({ stands: false });
    expect(await judgedBy(() => 'always wrong')).toMatchObject({ stands: false, breach: { events: 1 } });
  });

  it('of another version of the mechanism is stale', async () => {
    const path = await writeFaultWitness(folder('witnesses'), witness, twoBitMaps);
    const replay = replayRecording(path, mechanismRecording({ ...twoBitMaps, version: 2 }));
    await expect(replay).rejects.toThrow(/is stale: it was made with version 1 of S13\.4/);
  });

  it('says in a sentence what was done and what does not hold', async () => {
    const path = await writeFaultWitness(folder('witnesses'), witness, twoBitMaps);
    const { recorded } = await judgedReplay(path, path, twoBitMaps);
    expect(recorded?.explanation).toMatch(
      /^Mutant d is switched on: .* With F4 \(transient error\) at event \d+, after \d+ events I1 does not hold: /,
    );
  });
});

it.each<[Record<string, unknown>, RegExp]>([
  [{}, /must have a kind/],
  [{ kind: 'clean' }, /must have a kind/],
  [{ kind: 'violating' }, /must name the mechanism/],
  [{ kind: 'violating', mechanism: 'S1' }, /must have an explanation/],
  [{ kind: 'violating', mechanism: 'S1', explanation: '', faults: [{ number: 'F1' }] }, /must have faults/],
  [{ kind: 'violating', mechanism: 'S1', explanation: '', faults: [] }, /must name an invariant/],
])('a verdict line that is none of a mechanism’s run: %o', (line, told) => {
  expect(runVerdictOf(line)).toMatch(told);
});
