import type { Document } from 'mongodb';

/** What the embedded database says that it is. */
const VERSION = [8, 0, 4];
const TOPOLOGY = 'replicaset';

/** Why a list of `runOnRequirements` leaves a case out, or nothing: one of them has to be met. */
export function unmet(requirements: Document[] | undefined): string | undefined {
  if (!requirements?.length) return undefined;
  const reasons = requirements.map(unmetOf);
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function unmetOf(one: Document): string | undefined {
  const { minServerVersion, maxServerVersion, topologies, auth, csfle } = one;
  if (minServerVersion && compare(minServerVersion) < 0) return 'for servers after 8.0.4';
  if (maxServerVersion && compare(maxServerVersion) > 0) return 'for servers before 8.0.4';
  if (topologies && !topologies.includes(TOPOLOGY)) return `for other deployments than a replica set: ${topologies}`;
  if (auth === true) return 'for servers that ask for a login';
  if (csfle) return 'field level encryption';
  if (one.serverless === 'require') return 'serverless';
  if (one.serverParameters?.enableTestCommands || one.serverParameters?.acceptApiVersion2)
    return 'a server with test commands';
  return undefined;
}

/** How this server's version compares with another: numbers that are not given are 0. */
function compare(version: string): number {
  const other = version.split('.').map(Number);
  for (const [at, part] of VERSION.entries()) if (part !== (other[at] ?? 0)) return part - (other[at] ?? 0);
  return 0;
}
