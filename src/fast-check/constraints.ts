/*
 * Checks of constraints. Each error names the public function, the constraint and the bad value, as fast-check's own do.
 */

/** The given whole number, or the default where none is given. */
export function wholeNumber(
  caller: string,
  constraint: string,
  given: number | undefined,
  otherwise: number,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number {
  const value = given ?? otherwise;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new Error(
    `${caller}: ${constraint} must be a whole number from ${min} to ${max}, not ${String(value)}`,
  );
}

/** Throws unless each of the given values is a known one, and there is one at least. */
export function among(
  caller: string,
  constraint: string,
  given: readonly string[],
  known: readonly string[],
): void {
  if (given.length === 0) throw new Error(`${caller}: ${constraint} must name one or more, not none`);
  const unknown = given.find((value) => !known.includes(value));
  if (unknown === undefined) return;
  throw new Error(
    `${caller}: ${constraint} must be from ${known.join(', ')}, not ${JSON.stringify(unknown)}`,
  );
}
