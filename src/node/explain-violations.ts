import { type ExplainedGroup, explainedGroups } from '../explore/explained-groups.ts';
import type { Findings } from '../explore/findings.ts';
import type { RunTimeline } from '../explore/timeline.ts';
import type { VulnerableWindow } from '../explore/windows.ts';
import type { Witness } from '../explore/witness.ts';
import type { CampaignSpec } from './campaign-spec.ts';
import { runTask } from './campaign-task.ts';
import type { ProcessChecker } from './process-checker.ts';

/** Groups that get a witness: those with the most images. */
export const WITNESSES_MAX = 100;

export interface Explained {
  readonly groups: readonly ExplainedGroup[];
  readonly windows: readonly VulnerableWindow[];
  readonly timeline: RunTimeline | undefined;
}

export interface ExplainOptions {
  readonly spec: CampaignSpec;
  readonly findings: Findings;
  readonly makeProcess: (() => ProcessChecker) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly wantsTimeline: boolean;
}

/**
 * Makes a witness for each group of violations, in a worker as well, since the checker is asked again. A group whose
 * witness brings the checker down has none.
 */
export async function explainViolations(options: ExplainOptions): Promise<Explained> {
  const { findings, signal, wantsTimeline } = options;
  const groups = findings.sortedGroups();
  const witnesses = new Map<number, Witness | undefined>();
  let windows: readonly VulnerableWindow[] = [];
  let timeline: RunTimeline | undefined;
  let isDone = groups.length === 0 && !wantsTimeline;
  while (!isDone && signal?.aborted !== true) {
    const violations = groups
      .slice(0, WITNESSES_MAX)
      .map(({ smallest }, place) => ({ place, result: smallest }))
      .filter(({ place }) => !witnesses.has(place));
    const end = await runTask({
      ...options,
      task: { type: 'explain', violations, openings: findings.openings, wantsTimeline },
      onMessage: (message) => {
        if (message.type === 'witness') witnesses.set(message.place, message.witness);
        else if (message.type === 'explained') ({ windows, timeline } = message);
      },
    });
    isDone = end.type !== 'died';
    // Whatever it died of: the first that it has not told is the one.
    if (!isDone && violations.length === 0) throw new Error('the violations cannot be explained');
    const culprit = violations.find(({ place }) => !witnesses.has(place));
    if (!isDone && culprit !== undefined) witnesses.set(culprit.place, undefined);
  }
  const places = new Map(groups.map((group, place) => [group, place]));
  return {
    groups: explainedGroups(groups, (group) => witnesses.get(places.get(group) ?? -1)),
    windows,
    timeline,
  };
}
