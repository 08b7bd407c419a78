import fc from 'fast-check';

const given = process.env['TEARLINE_RUNS'];

/** How many cases a property tries: `usual`, or as many times that as the environment variable TEARLINE_RUNS says. */
export const runs = (usual: number): number =>
  given === undefined ? usual : Math.ceil(usual * Number(given));

/** Asserts a property with the fixed seed, or that of TEARLINE_SEED. A failure names the command that repeats it. */
export function holds<T extends unknown[]>(property: fc.IProperty<T>, usual: number, file: string): void {
  const seed = Number(process.env['TEARLINE_SEED'] ?? 20260101);
  const numRuns = runs(usual);
  try {
    fc.assert(property, { seed, numRuns });
  } catch (error) {
    const repeat = `TEARLINE_SEED=${seed} TEARLINE_RUNS=${numRuns / usual} npx vitest run ${file} --testTimeout 0`;
    if (error instanceof Error) error.message += `\nRepeat it with: ${repeat}`;
    throw error;
  }
}
