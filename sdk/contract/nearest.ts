import { closest, distance } from 'fastest-levenshtein';

/** The known name that was probably meant: at most a third of it may differ, of a short one two letters. */
export function nearest(seen: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || seen.length > 100) return undefined;
  const best = closest(seen.toLowerCase(), [...known]);
  const allowed = best.length < 4 ? 1 : Math.max(2, Math.floor(best.length / 3));
  return distance(seen.toLowerCase(), best.toLowerCase()) <= allowed ? best : undefined;
}
