import type { ApiDocument, Operation } from './document.ts';
import { type Json, list, object } from './json.ts';
import { narrowSchema } from './narrow-schema.ts';

/** How one stream pulls its pages; the generated handler reads this. */
export interface StreamPlan {
  path: string;
  /** The parameters of every page: how many entries it has. */
  query: Record<string, number>;
  /** Where the entries are in an answer; `''` is the whole of it. */
  items: string;
  by: 'page' | 'offset' | 'token';
  /** The parameter that turns the page. */
  param: string;
  /** Of `token`: where the next one is in an answer. */
  next?: string;
  /** Entries of a full page, where the API says so. */
  size?: number;
}

const pageParam = /^page(_?number)?$/i;
const offsetParam = /^(\$?skip|offset|start_?at)$/i;
const tokenParam = /^(cursor|after|page_?token|next_?token|next_?cursor|continue|starting_after)$/i;
const sizeParam = /^(per_page|page_?size|limit|size|max_?results|\$top)$/i;
/** Where APIs put the token of the next page. */
const tokenPlaces = [
  ...['/next_cursor', '/nextCursor', '/next_page_token', '/nextPageToken', '/nextToken', '/next_token', '/cursor'],
  ...[
    '/paging/next/after',
    '/response_metadata/next_cursor',
    '/metadata/continue',
    '/meta/next_cursor',
    '/paging/cursors/after',
  ],
];
const keys = ['/id', '/uid', '/uuid', '/key', '/metadata/uid'];
const usualSize = 50;

/**
 * The stream that a list operation makes: one that needs nothing, answers a list of entries with a key, and turns pages
 * in a way that is known. Undefined for all others.
 */
export function streamOf(
  operation: Operation,
  document: ApiDocument,
  levels: number,
): { stream: Json; plan: StreamPlan } | undefined {
  const { method, path, parts, answer, summary } = operation;
  if (method !== 'GET' || !answer || parts.some(({ required }) => required)) return undefined;
  const { resolve } = document;
  const listed = listIn(resolve(answer), resolve);
  const key = listed && keys.find((pointer) => schemaAt(listed.entry, pointer, resolve) !== undefined);
  const turning = listed && turnOf(operation, resolve(answer), resolve);
  if (!listed || !key || !turning) return undefined;
  const stream = {
    title: summary.slice(0, 200),
    primary_key: [key],
    modes: ['full'],
    // Entries move between pages while they are turned by number.
    deletes: turning.by === 'token' ? 'missing' : 'missing_twice',
    ...(levels > 0 ? { schema: { ...narrowSchema(listed.entry, resolve, 1, 1), type: 'object' } } : {}),
  };
  return { stream, plan: { path, items: listed.items, ...turning } };
}

/** The one list of objects in an answer: the answer itself, or its only field that is such a list. */
function listIn(answer: Json, resolve: (value: unknown) => Json): { items: string; entry: Json } | undefined {
  const entryOf = (schema: Json) => {
    const entry = resolve(schema.items);
    return schema.type === 'array' && Object.keys(propertiesOf(entry, resolve)).length > 0 ? entry : undefined;
  };
  const whole = entryOf(answer);
  if (whole) return { items: '', entry: whole };
  const found = Object.entries(propertiesOf(answer, resolve)).flatMap(([name, schema]) => {
    const entry = entryOf(resolve(schema));
    return entry ? [{ items: `/${name}`, entry }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

function turnOf({ parts }: Operation, answer: Json, resolve: (value: unknown) => Json) {
  const named = (form: RegExp) => parts.find((part) => part.in === 'query' && form.test(part.name));
  const sized = named(sizeParam);
  const schema = resolve(sized?.schema);
  const size = sized ? Math.min(Number(schema.maximum ?? schema.default ?? usualSize) || usualSize, 100) : undefined;
  const query: Record<string, number> = sized && size !== undefined ? { [sized.name]: size } : {};
  const common = { query, ...(size === undefined ? {} : { size }) };
  const token = named(tokenParam);
  const next = token && tokenPlaces.find((pointer) => schemaAt(answer, pointer, resolve) !== undefined);
  if (token && next) return { ...common, by: 'token' as const, param: token.name, next };
  const page = named(pageParam);
  if (page) return { ...common, by: 'page' as const, param: page.name };
  const offset = named(offsetParam);
  if (offset) return { ...common, by: 'offset' as const, param: offset.name };
  return undefined;
}

/** Properties of a schema and of those that it is composed of. */
function propertiesOf(schema: Json, resolve: (value: unknown) => Json, depth = 0): Json {
  if (depth > 5) return {};
  const parts = list(schema.allOf).map((part) => propertiesOf(resolve(part), resolve, depth + 1));
  return Object.assign({}, ...parts, object(schema.properties));
}

function schemaAt(schema: Json, pointer: string, resolve: (value: unknown) => Json): Json | undefined {
  let at: Json = schema;
  for (const name of pointer.split('/').slice(1)) {
    const properties = propertiesOf(at, resolve);
    if (!Object.hasOwn(properties, name)) return undefined;
    at = resolve(properties[name]);
  }
  return at;
}
