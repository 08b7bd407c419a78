import { createHash } from 'node:crypto';
import type { Judge, Verdict } from '../explore/verdict.ts';

const REMEMBERED_MAX = 65_536;

/**
 * Asks a judge once for each image and promise. Classes differ all, but the neighbours of violations, and what a witness is
 * shrunk to, are often the same again; and starting a process takes far longer than digesting an image.
 */
export function remembered(judge: Judge): Judge {
  const verdicts = new Map<string, Verdict>();
  return (image, context) => {
    const { files, promise } = context;
    const hash = createHash('sha256').update(JSON.stringify([Object.keys(files), promise]));
    for (const file of Object.values(files)) hash.update(file);
    const key = hash.digest('base64');
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = judge(image, context);
    if (verdicts.size === REMEMBERED_MAX) verdicts.clear();
    verdicts.set(key, verdict);
    return verdict;
  };
}
