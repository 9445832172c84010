import { Failure, messageFor } from '../sdk/contract/failure.ts';
import { HealthProbe } from './database/health-probe-model.ts';
import { healthContent } from './http/failure-content.ts';
import { Raw, Reply, route } from './http/route.ts';
import { anyObject } from './http/schemas.ts';
import { Installation } from './installations/model.ts';
import { Integration } from './integrations/model.ts';
import { registry } from './metrics.ts';
import { version } from './version.ts';
import { Webhook } from './webhooks/model.ts';

/** How to find out, at this moment, what is up. */
export interface Probes {
  database(): 'connected' | 'disconnected';
  /** the loop that hears of other nodes' changes; without it caches may be stale */
  news(): boolean;
  sandbox(): 'up' | 'starting' | 'down';
  barriers(): Record<string, boolean>;
  stopping(): boolean;
  document(): Record<string, unknown>;
}

let probes: Probes | undefined;

/** Tells the health routes where to look; called once, when the host is built. */
export function watch(given: Probes): void {
  probes = given;
}

function parts(): Probes {
  if (!probes) throw new Failure('service_unavailable', { message: 'The host is still starting.', retry_after_s: 1 });
  return probes;
}

const health = route({
  method: 'GET',
  path: '/health',
  summary: 'What is up, what is down, and how much there is',
  who: 'public',
  kind: 'service',
  answer: { ...healthContent, title: 'Health' },
  handle: async ({ language }) => {
    const content = await measure();
    if (content.database !== 'connected') throw new Failure('database_unavailable', { content, retry_after_s: 2 });
    if (content.cache !== 'connected') throw new Failure('cache_unavailable', { content, retry_after_s: 2 });
    if (content.sandbox !== 'up')
      throw new Failure('service_unavailable', { content, retry_after_s: 2, message: 'The sandbox pool is not up.' });
    return new Reply(content, { msg: messageFor('healthy', language) });
  },
});

const ready = route({
  method: 'GET',
  path: '/health/ready',
  summary: 'Whether this node takes work now',
  who: 'public',
  kind: 'service',
  answer: {
    type: 'object',
    additionalProperties: false,
    required: ['ready'],
    properties: { ready: { type: 'boolean' } },
  },
  handle: () => {
    const { database, sandbox, stopping } = parts();
    if (stopping()) throw new Failure('service_unavailable', { message: 'The host is shutting down.' });
    if (database() !== 'connected') throw new Failure('database_unavailable', { retry_after_s: 2 });
    if (sandbox() !== 'up')
      throw new Failure('service_unavailable', { message: 'The sandbox pool is not up.', retry_after_s: 2 });
    return { ready: true };
  },
});

const metrics = route({
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics for Prometheus: for the admin scope, or from this machine itself',
  who: 'metrics:read',
  kind: 'service',
  produces: ['text/plain'],
  handle: async () => new Raw(await registry.metrics(), { 'Content-Type': registry.contentType }),
});

const document = route({
  method: 'GET',
  path: '/openapi.json',
  summary: 'This API as an OpenAPI 3.1 document',
  who: 'public',
  kind: 'service',
  produces: ['application/json'],
  answer: anyObject,
  handle: () => new Raw(JSON.stringify(parts().document()), { 'Content-Type': 'application/json' }),
});

export const healthRoutes = [health, ready, metrics, document];

async function measure() {
  const { database, news, sandbox, barriers } = parts();
  const counts = database() === 'connected' ? await within(answerMs, count()) : null;
  const healthy = counts !== null && news() && sandbox() === 'up';
  return {
    status: healthy ? ('healthy' as const) : ('unhealthy' as const),
    service: 'integration-service' as const,
    timestamp: new Date().toISOString(),
    version,
    database: counts ? ('connected' as const) : ('disconnected' as const),
    cache: news() ? ('connected' as const) : ('disconnected' as const),
    sandbox: sandbox(),
    barriers: barriers(),
    webhooks_active: counts?.webhooks ?? null,
    integrations_active: counts?.integrations ?? null,
    plugins_installed: counts?.plugins ?? null,
  };
}

/** A database that does not answer within this long counts as gone, whatever the driver still hopes for. */
const answerMs = 2_000;
/** How long one look at the database serves everybody who asks. */
const freshMs = 1_000;

interface Counts {
  webhooks: number;
  integrations: number;
  plugins: number;
}

let last: { at: number; counts: Promise<Counts> } | undefined;

/** Counts what there is, and writes: a full or read-only disk still reads, but is not healthy. */
function count(): Promise<Counts> {
  if (last && Date.now() - last.at < freshMs) return last.counts;
  const counts = Promise.all([
    Webhook.countDocuments({ is_active: true }),
    Integration.countDocuments({ status: 'active' }),
    Installation.countDocuments({}),
    HealthProbe.updateOne({ _id: 'health' }, { $set: { at: new Date() } }, { upsert: true }),
  ]).then(([webhooks, integrations, plugins]) => ({ webhooks, integrations, plugins }));
  last = { at: Date.now(), counts };
  return counts;
}

/** The answer, or null when it fails or takes too long. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([answer.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
