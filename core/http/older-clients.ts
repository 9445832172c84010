import type { Middleware } from 'koa';
import { base } from './router.ts';

/**
 * The older paths of `API.md`, "Older clients": `/api/…` without `v1`, and what used to live under `/integrations`.
 * Vendors' webhook receivers keep their address: signatures are made over it.
 */
export function olderPaths(): Middleware {
  return async function rewrite(ctx, next) {
    let path = ctx.path;
    if (/^\/api(\/(?!v\d+(\/|$))|$)/.test(path)) path = base + path.slice('/api'.length);
    if (path.startsWith(`${base}/integrations/`)) {
      path = path
        .replace(`${base}/integrations/webhooks`, `${base}/webhooks`)
        .replace(`${base}/integrations/api-keys`, `${base}/api-keys`)
        .replace(new RegExp(`^${base}/integrations/marketplace(?=/|$)`), `${base}/plugins/marketplace`);
    }
    if (path !== ctx.path) ctx.path = path;
    return next();
  };
}

const olderNames: Record<string, string> = {
  service_name: 'integration_type',
  type: 'integration_type',
  credentials: 'auth_config',
  config: 'configuration',
};

interface ObjectSchema {
  properties?: Record<string, ObjectSchema>;
  additionalProperties?: unknown;
}

/**
 * Renames what older clients send to today's names, where the schema has today's name and not the older one:
 * `service_name` → `integration_type` …, and `rateLimitPerHour` → `rate_limit_per_hour`. An older name beside
 * today's is left as it is, so the check names it.
 */
export function olderFields(value: unknown, schema: object): unknown {
  const properties = (schema as ObjectSchema).properties;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !properties) return value;
  const renamed: Record<string, unknown> = {};
  const given = value as Record<string, unknown>;
  for (const [key, child] of Object.entries(given)) {
    const name = todaysName(key, properties, given);
    const inner = properties[name];
    renamed[name] = inner?.properties && inner.additionalProperties === false ? olderFields(child, inner) : child;
  }
  return renamed;
}

function todaysName(key: string, properties: Record<string, ObjectSchema>, given: Record<string, unknown>): string {
  if (Object.hasOwn(properties, key)) return key;
  const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const name of [olderNames[key], snake, olderNames[snake]]) {
    if (name !== undefined && Object.hasOwn(properties, name) && !Object.hasOwn(given, name)) return name;
  }
  return key;
}
