import { createMarketplace, type Marketplace } from '../../marketplace/index.ts';
import type { LogEntry } from '../../marketplace/models/log-entry.ts';
import type { Actor } from '../../marketplace/parts.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { config } from '../config.ts';
import { announce } from '../database/news.ts';
import { egress } from '../egress/egress.ts';
import { inspectScript } from '../invocations/inspect-script.ts';
import { log } from '../log.ts';
import { version } from '../version.ts';
import { hostKey } from './host-key.ts';

/** How often this node reads what changed in the marketplace into its index. */
const updateMs = 1_000;
/** What happens in the registry belongs to no workspace. */
export const siteWorkspace = 'site';

let current: Marketplace | undefined;
let follow: NodeJS.Timeout | undefined;
let updating: Promise<void> = Promise.resolve();

/** Builds the registry of this host and this node's index of it, and keeps the index up with the database. */
export async function openMarketplace(): Promise<Marketplace> {
  if (current) return current;
  const opened = createMarketplace({
    load: inspectScript,
    fetch: (url, max_bytes) => egress({ url, max_bytes, timeout_ms: 60_000 }),
    clock: Date.now,
    recorded,
    key: await hostKey(),
    host_version: version,
    origin: config().url,
  });
  await opened.update();
  follow = setInterval(() => {
    updating = opened.update().catch((error: unknown) => log.warn({ error }, 'the marketplace index was not updated'));
  }, updateMs);
  follow.unref();
  current = opened;
  return opened;
}

/** Follows the database no longer, and ends when what is being read has been. */
export async function closeMarketplace(): Promise<void> {
  clearInterval(follow);
  await updating;
}

/** The registry of this host. @throws Failure `service_unavailable` before it is open */
export function marketplace(): Marketplace {
  if (current) return current;
  throw new Failure('service_unavailable', { message: 'The marketplace is not open yet', retry_after_s: 1 });
}

async function recorded(entry: LogEntry, actor: Actor, { reason }: { reason?: string }): Promise<void> {
  const { kind, id, label } = actor;
  await audit({
    workspace_id: siteWorkspace,
    actor: { kind, id, label },
    action: entry.kind,
    target: { kind: entry.version === null ? 'package' : 'release', id: entry.subject, name: entry.version },
    after: { log_index: entry._id, ...(reason !== undefined && { reason }) },
  });
  await announce(siteWorkspace);
}
