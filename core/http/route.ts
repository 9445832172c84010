import type { Readable } from 'node:stream';
import type { Language } from '../../sdk/contract/language.ts';
import type { Caller } from './caller.ts';
import type { Shape } from './shape.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Fields = Record<string, object>;

type HasDefault<S> = S extends { default: unknown } ? true : false;
/** The values of named fields: those with a `default` are always there, the others may be missing. */
export type FromFields<F extends Fields> = {
  [K in keyof F as HasDefault<F[K]> extends true ? K : never]: Shape<F[K]>;
} & {
  [K in keyof F as HasDefault<F[K]> extends true ? never : K]?: Shape<F[K]>;
};

/** What a handler gets: everything checked against the route's schemas. */
export interface Request<Params, Query, Body, Who extends string> {
  params: Params;
  query: Query;
  body: Body;
  /** the body as it came, where the route takes `bytes` */
  bytes: Buffer;
  /** nobody on a public route without credentials */
  caller: 'public' extends Who ? Caller | null : Caller;
  /** request id, also in `X-Request-Id` */
  id: string;
  /** the same when a request with an `Idempotency-Key` comes again because its host died on the way; null without a key */
  once_id: string | null;
  language: Language;
  /** the client's address, after `PATCHBAY_TRUST_PROXY` */
  address: string;
  /** lower-case header name → value */
  headers: Record<string, string | undefined>;
  method: string;
  /** path and query string as they came, undecoded */
  raw_url: string;
  /** aborted when the client goes away */
  signal: AbortSignal;
}

/** An answer that is more than its content. */
export class Reply<Content> {
  readonly content: Content;
  readonly status?: number;
  readonly headers: Record<string, string | string[]>;
  readonly msg?: string;
  constructor(
    content: Content,
    more: { status?: number; headers?: Record<string, string | string[]>; msg?: string } = {},
  ) {
    this.content = content;
    if (more.status !== undefined) this.status = more.status;
    if (more.msg !== undefined) this.msg = more.msg;
    this.headers = more.headers ?? {};
  }
}

/** An answer without the envelope: bytes, text, a stream, or a redirect. Routes that use it declare `produces`. */
export class Raw {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer | string | Readable | null;
  constructor(body: Buffer | string | Readable | null, headers: Record<string, string | string[]> = {}, status = 200) {
    this.body = body;
    this.headers = headers;
    this.status = status;
  }
}

/** An answer that goes on, as server-sent events (WHATWG HTML, section 9.2); ended once its reader may not read it any more. */
export class Live extends Raw {
  readonly stream: Readable;
  constructor(stream: Readable) {
    super(stream, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    this.stream = stream;
  }
}

/** A redirect (303) to an address that the handler vouches for. */
export function redirect(location: string, headers: Record<string, string | string[]> = {}): Raw {
  return new Raw(null, { ...headers, location }, 303);
}

export interface RouteDefinition<
  Path extends string,
  Who extends string,
  Q extends Fields,
  B extends object | false,
  A extends object | false,
> {
  method: Method;
  /** Below the base path, as in `API.md`: `/plugins/{id}`. `{name}` takes one encoded or two plain segments (`@acme/x`). */
  path: Path;
  summary: string;
  description?: string;
  /** `public`, or a right of the table in `core/access/rights.ts` */
  who: Who;
  /** query fields by name, each a schema; all optional, or give a `default` */
  query?: Q;
  /** JSON Schema of the body; must be closed (`additionalProperties: false`) */
  body?: B;
  /** body may be left out altogether */
  body_optional?: boolean;
  /** raw bodies: the content types taken (for example `application/gzip`); `body` is then not given */
  bytes?: string[];
  /** body size in bytes, 1 MB unless given */
  max_bytes?: number;
  /** JSON Schema of `content`, closed */
  answer?: A;
  /** content types of an answer outside the envelope (a `Raw`) */
  produces?: string[];
  /** status of success, 200 unless given */
  status?: 200 | 201 | 202;
  /** JSON Schema of `content` of a 202: the route answers so when it is asked to work on without the caller */
  accepted?: object;
  /**
   * `auth` routes are limited per address, `service` routes more generously. A `hook`'s credentials,
   * query and `Accept` are the vendor's own: nothing of them is judged here.
   */
  kind?: 'auth' | 'service' | 'hook';
  handle(
    request: Request<Record<ParamsOf<Path>, string>, FromFields<Q>, Shape<B>, Who>,
  ): Promise<Shape<A> | Reply<Shape<A>> | Raw> | Shape<A> | Reply<Shape<A>> | Raw;
}

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsOf<Rest>
  : never;

/** A route with its types forgotten, as the router, the check and the document use it. */
export interface Route {
  method: Method;
  path: string;
  summary: string;
  description?: string;
  who: string;
  query: Record<string, object>;
  body?: object;
  body_optional: boolean;
  bytes?: string[];
  max_bytes: number;
  answer?: object;
  produces?: string[];
  status: 200 | 201 | 202;
  accepted?: object;
  kind?: 'auth' | 'service' | 'hook';
  handle(request: Request<Record<string, string>, Record<string, unknown>, unknown, 'public'>): unknown;
}

/**
 * Declares one operation of the API. From this one place come the check of every request, the handler's types,
 * who may call it, and the OpenAPI entry.
 *
 * @example
 * route({
 *   method: 'GET', path: '/projects/{id}', summary: 'One project', who: 'projects:read', answer: projectSchema,
 *   handle: ({ params, caller }) => presentProject(await findProject(caller.workspace_id, params.id)),
 * })
 */
export function route<
  const Path extends string,
  const Who extends string,
  const Q extends Fields = Record<never, never>,
  const B extends object | false = false,
  const A extends object | false = false,
>(definition: RouteDefinition<Path, Who, Q, B, A>): Route {
  return {
    ...definition,
    query: (definition.query ?? {}) as Record<string, object>,
    body: definition.body as object | undefined,
    body_optional: definition.body_optional ?? false,
    max_bytes: definition.max_bytes ?? 1_000_000,
    answer: definition.answer as object | undefined,
    status: definition.status ?? 200,
    handle: definition.handle as unknown as Route['handle'],
  } as Route;
}
