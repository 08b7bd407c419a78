import { join } from 'node:path';
import type { ExplainedGroup } from '../explore/explained-groups.ts';
import type { Witness } from '../explore/witness.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { makeDirectory } from '../recordings/make-directory.ts';
import { type JsonRecord, persistentMemory, recordingHeader } from '../recordings/recordings.ts';
import type { CampaignIdentity } from './campaign-identity.ts';
import { checkerText } from './campaign-spec.ts';
import { textDigest } from './file-digest.ts';
import { writeWholeRecording } from './whole-recording.ts';

const SLUG_CHARACTERS_MAX = 60;

/**
 * Writes the witness of a group as a recording of its own, which holds all that is needed to replay it, with the verdict
 * as its last line but one. Returns its path.
 */
async function writeWitness(
  directory: string,
  { cause }: ExplainedGroup,
  witness: Witness,
  identity: CampaignIdentity,
): Promise<string> {
  const path = join(directory, `${slug(cause)}-${textDigest(cause).slice(0, 8)}.ndjson`);
  const { log, program, base, checker, configuration, seed } = identity;
  const header = recordingHeader(persistentMemory, {
    scenario: 'power loss: witness of a violation',
    configuration: { ...configuration } as JsonRecord,
    seed: BigInt(seed),
    inputs: [
      { name: log.path, sha256: log.sha256 },
      ...base.map(({ path: name, sha256 }) => ({ name, sha256 })),
    ],
  });
  const events: readonly MemoryEvent[] = witness.events;
  const verdict = {
    kind: witness.verdict.kind,
    reason: witness.verdict.reason ?? null,
    cause,
    defect: witness.explanation.defect,
    explanation: witness.explanation.text,
    imageDigest: witness.imageDigest,
    checker: checker === null ? null : checkerText(checker),
    checkerKind: checker?.kind ?? null,
    checkerDigest: checker?.sha256 ?? null,
    promise: (witness.promise ?? null) as JsonRecord | null,
    platform: configuration.platform,
    ...(checker?.kind === 'recovery' && { recovery: plainJson({ checker, program }) }),
  };
  makeDirectory(directory);
  await writeWholeRecording(path, persistentMemory, { header, events, verdict });
  return path;
}

/** Plain JSON has no `undefined`. */
const plainJson = (value: object): JsonRecord => JSON.parse(JSON.stringify(value)) as JsonRecord;

const slug = (cause: string): string =>
  cause
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARACTERS_MAX)
    .replace(/^-+|-+$/g, '') || 'violation';

/** Writes the witnesses of all groups that have one. Returns the path of each; none where there is no directory to write to. */
export async function writeWitnesses(
  directory: string | undefined,
  groups: readonly ExplainedGroup[],
  identity: CampaignIdentity,
): Promise<Map<ExplainedGroup, string>> {
  const paths = new Map<ExplainedGroup, string>();
  if (directory === undefined) return paths;
  for (const group of groups) {
    if (group.witness !== undefined)
      paths.set(group, await writeWitness(directory, group, group.witness, identity));
  }
  return paths;
}
