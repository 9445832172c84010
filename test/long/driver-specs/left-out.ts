import type { Document } from 'mongodb';
import { unmet } from './requirements.ts';

/** Cases that cannot be met, with the reason; a pattern is matched with `suite/file: description`. */
const REASONS: [RegExp, string][] = [
  [/^client-side-operations-timeout\//, 'the driver has no timeoutMS any more (connection_string.ts: "has no effect")'],
  [/^change-streams\/.*(disambiguatedPaths|showExpandedEvents)/, 'refused (README): expanded events of change streams'],
  [/[aA]ggregate.*listLocalSessions|aggregate on database|db-aggregate-write/, 'refused (README): $listLocalSessions'],
  [/final chunk is missing/, 'the driver does not notice the end of a file'],
  [
    /afterClusterTime is not sent on retried read in implicit|^sessions\/snapshot-sessions:/,
    'refused (README): the read concern snapshot outside transactions',
  ],
  [/prepareUnique/, 'refused (README): prepareUnique'],
  [/interruptInUse-pool-clear/, 'refused (README): $where'],
  [/[mM]apReduce/, 'the driver has no mapReduce any more'],
  [/unacknowledged.*clientError/, 'the driver sends hints with unacknowledged writes: servers since 4.4 take them'],
  [/contentType is provided/, 'the driver has no contentType of a file any more'],
  [
    /read preference in client option and primary|readPreference inherited from client/,
    'needs a secondary: a set of one member has none',
  ],
];

/** Why a case is not run, or nothing. Every reason is counted and printed. */
export function leftOut(suite: string, name: string, file: Document, test: Document): string | undefined {
  if (test.skipReason) return 'its own file leaves it out';
  if (test.expectLogMessages) return 'what the driver writes into its log';
  const reason = unmet(file.runOnRequirements) ?? unmet(test.runOnRequirements);
  if (reason) return reason;
  const title = `${suite}/${name}: ${test.description}`;
  return REASONS.find(([pattern]) => pattern.test(title))?.[1];
}
