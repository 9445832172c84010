import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import { tokensOf } from '../../sdk/contract/pointer.ts';
import { asText, readRef, valuesAt } from '../credentials/read-ref.ts';
import type { Installation } from '../installations/model.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import type { Opened } from './incoming.ts';

/** Whose a request is, and what of it: `bytes` is null for the whole. */
export interface Target {
  integration: IntegrationDoc;
  bytes: Buffer | null;
}

/**
 * The integrations of an installation that a request at an app's address belongs to. Where a request brings things of
 * several accounts (`route.each`), each integration gets its own and no other's.
 */
export async function routed(
  installation: Pick<Installation, '_id' | 'workspace_id'>,
  { route }: Pick<Trigger, 'route'>,
  request: Opened,
  body: unknown,
): Promise<Target[]> {
  const { workspace_id, _id: installation_id } = installation;
  const whole = (integration: IntegrationDoc): Target => ({ integration, bytes: null });
  if (!route) return (await Integration.find({ workspace_id, installation_id }).lean()).map(whole);
  const nameOf = (part: unknown) => readRef(route.by, { ...request, json: part });
  const parts = route.each === undefined ? [body] : valuesAt(body, route.each).flat();
  const named = new Set(parts.map(nameOf).filter((one) => one !== undefined));
  if (named.size === 0) return [];
  const all = await Integration.find({ workspace_id, installation_id }).lean();
  const targets = all.flatMap((integration) => {
    const name = integration.learned[route.to] ?? asText(integration.metadata[route.to]);
    return name !== undefined && named.has(name) ? [{ integration, name }] : [];
  });
  return targets.map(({ integration, name }) => {
    if (route.each === undefined || named.size === 1) return whole(integration);
    const own = only(body, tokensOf(route.each), (part) => nameOf(part) === name);
    return { integration, bytes: Buffer.from(JSON.stringify(own)) };
  });
}

/** A document that at a path (`*`: every child) has left only the parts that are somebody's. */
function only(document: unknown, path: string[], isOwn: (part: unknown) => boolean): unknown {
  const [first, ...rest] = path;
  if (first === undefined) {
    if (Array.isArray(document)) return document.filter(isOwn);
    return isOwn(document) ? document : undefined;
  }
  if (typeof document !== 'object' || document === null) return document;
  const kept = Object.entries(document).map(([name, value]): [string, unknown] => [
    name,
    first === '*' || first === name ? only(value, rest, isOwn) : value,
  ]);
  const left = kept.filter(([, value]) => value !== undefined);
  return Array.isArray(document) ? left.map(([, value]) => value) : Object.fromEntries(left);
}
