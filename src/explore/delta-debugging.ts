/**
 * A smallest list for which something still holds, by delta debugging (Zeller and Hildebrandt, 2002): no single item can
 * be left out of the result. `holds` must hold for the whole list and be repeatable. Beyond `maxProbes` calls the list
 * is returned as small as it is by then.
 */
export function minimize<T>(
  items: readonly T[],
  holds: (subset: readonly T[]) => boolean,
  maxProbes = 10_000,
): readonly T[] {
  let kept = items;
  let probes = 0;
  const probe = (subset: readonly T[]): boolean => probes++ < maxProbes && holds(subset);
  if (kept.length > 0 && probe([])) return [];
  let parts = 2;
  while (kept.length >= 2 && probes < maxProbes) {
    const size = Math.ceil(kept.length / parts);
    let shrunk = false;
    for (let from = 0; from < kept.length && probes < maxProbes; ) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (without.length > 0 && probe(without)) {
        kept = without;
        shrunk = true; // what followed the part has moved to its place
      } else from += size;
    }
    if (shrunk) parts = Math.max(2, parts - 1);
    else if (size === 1) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
