import type { Ref } from '../../sdk/contract/manifest/shapes.ts';
import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import { parsed } from '../credentials/read-ref.ts';
import { redactJson } from '../credentials/redact-json.ts';
import type { Opened } from './incoming.ts';

/** Headers that are ours or the vendor's proxy's, or speak for somebody; never the plugin's business. */
const never = /^(authorization|cookie|proxy-.*|x-forwarded-.*|forwarded|x-real-ip|cf-.*|host|connection)$/;

/**
 * What of a request is stored and shown to the plugin: without the path key, without every place that the check read a
 * proof from, without what the trigger redacts.
 */
export function cutProof(
  trigger: Trigger,
  request: Opened,
): { method: string; raw_url: string; headers_text: string; body: Buffer } {
  const proof = proofPlaces(trigger.verify);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !never.test(name) && !proof.headers.has(name)) headers[name] = value;
  }
  const query = new URLSearchParams(request.query);
  for (const name of proof.queries) query.delete(name);
  const search = query.size > 0 ? `?${query}` : '';
  const pointers = [...(trigger.redact ?? []), ...proof.pointers];
  const isJson = parsed(request.bytes.toString()) !== undefined;
  return {
    method: request.method,
    raw_url: `/${search}`,
    headers_text: JSON.stringify(headers),
    body: pointers.length > 0 && isJson ? redactJson(request.bytes, pointers) : request.bytes,
  };
}

interface Places {
  headers: Set<string>;
  queries: Set<string>;
  pointers: Set<string>;
}

/** Every place that a `verify` takes a proof from: `signature`, `token`, `at`. What is only signed stays. */
function proofPlaces(rule: unknown): Places {
  const places: Places = { headers: new Set(), queries: new Set(), pointers: new Set() };
  const add = (ref: Partial<{ header: string; query: string; body: string }> & Partial<Ref>) => {
    if (ref.header) places.headers.add(ref.header.toLowerCase());
    if (ref.query) places.queries.add(ref.query);
    if (ref.body) places.pointers.add(ref.body);
  };
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { scheme, signature, token, at } = part as Record<string, unknown>;
    for (const one of [signature, token, scheme === 'token' ? at : undefined].flat()) if (one) add(one as object);
    if (scheme === 'standard-webhooks') places.headers.add('webhook-signature');
    for (const child of Object.values(part)) walk(child);
  };
  walk(rule);
  return places;
}
