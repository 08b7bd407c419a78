import { Draws } from '../kernel/draw.ts';
import type { CrashImage } from './crash-image.ts';
import type { Content, LineChoices } from './line-choices.ts';

/**
 * What is visited where the images are too many, in this order: none of the open lines survives, all of them, each line
 * alone in each of its contents, all but one line, pairs of lines, then seeded samples. Lines that changed last come
 * first. A stage takes at most half of what is left, so that each gets its turn; samples take the rest.
 */
export const STRATEGY = 'none, all, each line alone, all but one, pairs, then seeded samples';

/** Calls `visit` for at most `budget` choices, after putting each into `image`; a choice may come twice. */
export function sampleChoices(
  open: readonly LineChoices[],
  budget: number,
  seed: bigint,
  image: CrashImage,
  visit: () => void,
): void {
  let left = budget;
  const choose = (base: readonly LineChoices[], ...choices: [LineChoices, Content][]): void => {
    image.clear(base);
    for (const [line, content] of choices) image.put(line, content);
    visit();
    left--;
  };
  const stage = (choices: () => Generator<() => void>): void => {
    let share = Math.floor(left / 2);
    for (const one of choices()) {
      if (share-- <= 0) break;
      one();
    }
  };
  if (left > 0) choose([]);
  if (left > 0) choose(open);
  stage(function* alone() {
    for (let i = open.length - 1; i >= 0; i--) {
      const { contents } = open[i];
      for (let c = contents.length - 1; c > 0; c--) yield () => choose([], [open[i], contents[c]]);
    }
  });
  stage(function* allButOne() {
    for (let i = open.length - 1; i >= 0; i--) yield () => choose(open, [open[i], open[i].contents[0]]);
  });
  stage(function* pairs() {
    for (let i = open.length - 1; i > 0; i--) {
      for (let j = i - 1; j >= 0; j--) {
        yield () => choose([], [open[i], whole(open[i])], [open[j], whole(open[j])]);
      }
    }
  });
  const draws = new Draws(seed, 'crash-image', image.index);
  while (left > 0 && open.length > 0) {
    // A few lines away from none or all: a sample costs the same however many lines are open.
    const base = draws.below(2) === 0 ? [] : open;
    const chosen = new Map<LineChoices, Content>();
    for (let n = 1 + draws.below(Math.min(16, open.length)); n > 0; n--) {
      const line = open[draws.below(open.length)];
      chosen.set(line, line.contents[draws.below(line.contents.length)]);
    }
    choose(base, ...chosen);
  }
}

const whole = (line: LineChoices): Content => line.contents[line.all];
