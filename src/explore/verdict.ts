import type { Platform } from '../hardware/persistent-memory/configuration.ts';

/**
 * What became of one image: consistent, violating, or undecided because the checker took too long (hang), threw or died
 * (crash), or gave an answer that means nothing (nonsense).
 */
export type VerdictKind = 'consistent' | 'violating' | 'hang' | 'crash' | 'nonsense';

export interface Verdict {
  readonly kind: VerdictKind;
  /** Why, in the checker's or the runtime's words. */
  readonly reason?: string;
}

/** What a checker sees beside the first file's image. All of it depends on the class alone, not on the crash point. */
export interface CheckContext {
  /** Every file by name, the first included. Scratch memory, like the image. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The value of the checker's own fold over the markers passed. */
  readonly promise: unknown;
  readonly platform: Platform;
}

/**
 * A user's checker: true for a consistent image, a text that says what is wrong, or false. The image is scratch memory,
 * valid until return; what the checker writes to it is undone.
 */
export type Checker = (image: Uint8Array, context: CheckContext) => true | false | string;

/** A fold over the markers passed so far, to say what was promised to the outside. Its value must be plain JSON. */
export type PromiseFold = (previous: unknown, marker: string) => unknown;

/** Gives a verdict on an image, at once. */
export type Judge = (image: Uint8Array, context: CheckContext) => Verdict;

export const consistent: Verdict = { kind: 'consistent' };

/** The verdict in a checker's answer. */
function verdictOf(answer: unknown): Verdict {
  if (answer === true) return consistent;
  if (answer === false) return { kind: 'violating', reason: 'the checker said false' };
  if (typeof answer === 'string') return { kind: 'violating', reason: answer };
  const what =
    answer instanceof Promise ? 'a promise' : answer === null ? 'null' : `a value of type ${typeof answer}`;
  return { kind: 'nonsense', reason: `the checker returned ${what}; it must return true, false or a text` };
}

/** A judge that calls a checker and catches what it throws. It cannot stop one that hangs. */
export const judgeOf =
  (check: Checker): Judge =>
  (image, context) => {
    try {
      return verdictOf(check(image, context));
    } catch (error) {
      return {
        kind: 'crash',
        reason: `the checker threw: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  };
