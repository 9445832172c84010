import { matchPath } from '../../sandbox/capabilities/match-path.ts';

/** Whether one of the manifest's path patterns fits; no patterns mean every path. */
export function anyPathMatches(patterns: readonly string[] | undefined, path: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchPath(pattern, path));
}
