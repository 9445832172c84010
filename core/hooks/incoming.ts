import { parseTemplate, type TemplatePlace } from '../../sdk/contract/template.ts';
import { config } from '../config.ts';
import { asText, parsed, type Readable, valuesAt } from '../credentials/read-ref.ts';
import { fill, type Values } from '../credentials/template-values.ts';

/** A vendor's request as it arrived. */
export interface Incoming {
  method: string;
  /** path and query as they came */
  raw_url: string;
  /** lower-case name → value */
  headers: Record<string, string | undefined>;
  bytes: Buffer;
}

/** What templates and refs read of it. The address is ours by configuration, never what `Host` claims. */
export interface Opened extends Incoming, Readable {
  url: string;
  query: URLSearchParams;
}

/** Reads a request for checks: the body stays raw; `json` is parsed only after verification, where it is asked. */
export function openIncoming(incoming: Incoming): Opened {
  const url = `${new URL(config().url).origin}${incoming.raw_url}`;
  return { ...incoming, url, query: URL.parse(url)?.searchParams ?? new URLSearchParams() };
}

/**
 * The parsed body: JSON, or a form as an object (`payload` names the field that holds JSON). `undefined` for others.
 */
export function parseBody(incoming: Pick<Incoming, 'headers' | 'bytes'>, payload: string | undefined): unknown {
  const text = incoming.bytes.toString();
  const type = (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') {
    const form = Object.fromEntries(new URLSearchParams(text));
    return payload === undefined ? form : parsed(form[payload] ?? '');
  }
  return parsed(text);
}

/**
 * Fills a template that may name parts of the request (`request.body`, `request.header.X-…`, `request.query.…`,
 * `request.body./pointer`), as bytes: the raw body goes in unchanged, whatever its encoding.
 *
 * @returns `null` when the request lacks a part: nothing can be proved of it then
 */
export function fillBytes(template: string, request: Opened, values: Values): Buffer | null {
  const parts: Buffer[] = [];
  for (const part of parseTemplate(template)) {
    if (typeof part === 'string') parts.push(Buffer.from(part));
    else if (part.source !== 'request') parts.push(Buffer.from(fill(placeText(part), values)));
    else {
      const bytes = requestPart(request, part);
      if (!bytes) return null;
      parts.push(bytes);
    }
  }
  return Buffer.concat(parts);
}

function requestPart(request: Opened, { name, filters }: TemplatePlace): Buffer | null {
  if (name === 'body' && filters.length === 0) return request.bytes;
  const text = requestText(request, name);
  if (text === undefined) return null;
  // Filters work on text; a place of the same name in a template of its own applies them.
  const held = { app: {}, config: { value: text }, credential: {}, integration: {}, hook: {} };
  return Buffer.from(filters.length === 0 ? text : fill(`{config.value|${filters.join('|')}}`, held));
}

function requestText(request: Opened, name: string): string | undefined {
  if (name.startsWith('header.')) return request.headers[name.slice('header.'.length).toLowerCase()];
  if (name.startsWith('query.')) return request.query.get(name.slice('query.'.length)) ?? undefined;
  if (name.startsWith('body./'))
    return asText(valuesAt(parsed(request.bytes.toString()), name.slice('body.'.length))[0]);
  if (name === 'body') return request.bytes.toString();
  if (name === 'method') return request.method;
  if (name === 'url') return request.url;
  if (name === 'path') return request.raw_url.split('?')[0];
  return undefined;
}

const placeText = ({ source, name, filters }: TemplatePlace): string =>
  `{${[`${source}.${name}`, ...filters].join('|')}}`;
