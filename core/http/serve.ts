import { performance } from 'node:perf_hooks';
import type { Context, Middleware } from 'koa';
import { accepts } from '../../sdk/contract/accepts.ts';
import { Failure, type Language } from '../../sdk/contract/failure.ts';
import { parseJson, readBytes } from './body.ts';
import type { Caller } from './caller.ts';
import { endWhenRefused } from './end-when-refused.ts';
import { once } from './idempotency.ts';
import { olderFields } from './older-clients.ts';
import { respond } from './respond.ts';
import { Live, type Route } from './route.ts';
import { readParams } from './router.ts';

/** How much of a limit is left, as `takeTurn` tells it. */
export interface Turn {
  limit: number;
  remaining: number;
  /** seconds until the window is whole again */
  reset_s: number;
  window_s: number;
  /** set when the request is refused */
  retry_after_s: number | null;
}

/** What the composition root gives to HTTP; HTTP itself knows no noun. */
export interface Gate {
  /** Finds out who asks; null without credentials. @throws Failure `unauthenticated` for wrong ones */
  authenticate(ask: {
    headers: Record<string, string | undefined>;
    method: string;
    address: string;
    /** whether the route takes anybody */
    is_public: boolean;
  }): Promise<Caller | null>;
  /** @throws Failure `unauthenticated`, `forbidden` */
  authorise(caller: Caller | null, right: string, address: string): void;
  /** Makes what tells later whether a caller may still read an answer that goes on. */
  follow(caller: Caller, right: string, ask: Parameters<Gate['authenticate']>[0]): Promise<() => Promise<boolean>>;
  /** Counts one request against its limit. */
  takeTurn(ask: { caller: Caller | null; address: string; kind: 'auth' | 'service' | 'api' }): Promise<Turn | null>;
}

export interface State {
  id: string;
  language: Language;
  address: string;
  /** the route's path, for metrics and logs: bounded, without values */
  route: string;
}

/** Makes the middleware of one route: who, how often, content types, checks, once, handle, answer. */
export function serve(gate: Gate) {
  return (route: Route, pattern: RegExp): Middleware => {
    const readQuery = queryReader(route);
    const checkBody = route.body === undefined ? null : accepts(route.body, { defaults: true });

    return async function handle(ctx: Context) {
      const state = ctx.state as State;
      state.route = route.path;
      const params = readParams(pattern, ctx.path);
      const headers = flatHeaders(ctx);
      const isHook = route.kind === 'hook';
      // A vendor's Authorization is the vendor's proof, not a token of ours.
      const { address } = state;
      const is_public = route.who === 'public';
      const ask = { headers, method: ctx.method, address, is_public };
      const caller = isHook ? null : await gate.authenticate(ask);
      const kind = route.kind === 'hook' ? 'service' : (route.kind ?? 'api');
      const turn = await gate.takeTurn({ caller, address, kind });
      tellTurn(ctx, turn);
      // What a proxy on this machine passes on does not come from this machine.
      const isPassedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
      gate.authorise(caller, route.who, isPassedOn ? '' : address);
      if (!isHook) checkAccept(ctx, route);

      const query = isHook ? {} : readQuery(ctx, state.language);
      const bytes = await readBody(ctx, route);
      const body = checkBody ? checked(checkBody(readJson(bytes, route), state.language)) : undefined;
      const run = async (once_id: string | null) =>
        route.handle({
          params,
          query: query as Record<string, unknown>,
          body,
          bytes,
          caller,
          id: state.id,
          once_id,
          language: state.language,
          address,
          headers,
          method: ctx.method,
          raw_url: ctx.originalUrl,
          get signal() {
            return signalOf(ctx);
          },
        });
      const key = headers['idempotency-key'];
      const keeps = key !== undefined && route.method === 'POST' && !route.path.startsWith('/auth/') && caller !== null;
      const given = keeps
        ? await once(
            {
              key,
              caller: caller.id,
              workspace_id: caller.workspace_id,
              method: ctx.method,
              path: `${ctx.path}?${ctx.querystring}`,
              body: bytes,
            },
            run,
          )
        : await run(null);
      if (caller && given instanceof Live) endWhenRefused(given.stream, await gate.follow(caller, route.who, ask));
      respond(ctx, route, given, state.language);
    };
  };
}

/** The query of a route as one closed schema. */
export function closed(properties: Record<string, object>): object {
  return { type: 'object', additionalProperties: false, properties };
}

type Verdict = ReturnType<ReturnType<typeof accepts>>;

/** @throws Failure `validation_failed` with every error's pointer */
function checked(verdict: Verdict): unknown {
  if (verdict.ok) return verdict.value;
  throw new Failure('validation_failed', { content: { errors: verdict.errors } });
}

/** Makes what reads and checks the query of a route. Most requests have none: what that means is worked out once. */
function queryReader(route: Route): (ctx: Context, language: Language) => Record<string, unknown> {
  const schema = closed(route.query);
  const check = accepts(schema, { coerce: true, defaults: true });
  let empty: Record<string, unknown> | undefined;
  return (ctx, language) => {
    if (ctx.querystring === '') {
      empty ??= checked(check({}, language)) as Record<string, unknown>;
      return { ...empty };
    }
    const query: Record<string, unknown> = Object.create(null);
    for (const [name, value] of new URLSearchParams(ctx.querystring)) {
      // A field given twice becomes a list, which no query schema takes: an error that names it.
      query[name] = name in query ? [query[name], value].flat() : value;
    }
    return checked(check(olderFields({ ...query }, schema), language)) as Record<string, unknown>;
  };
}

/** Aborted when the client goes away before its answer is written. */
function signalOf(ctx: Context): AbortSignal {
  const abort = new AbortController();
  if (ctx.res.closed && !ctx.res.writableEnded) abort.abort();
  ctx.res.once('close', () => {
    if (!ctx.res.writableEnded) abort.abort();
  });
  return abort.signal;
}

async function readBody(ctx: Context, route: Route): Promise<Buffer> {
  if (route.method === 'GET') return Buffer.alloc(0);
  const bytes = await readBytes(ctx.req, route.max_bytes);
  if (bytes.length === 0) {
    if (!route.bytes || route.body_optional || route.bytes.includes('*/*')) return bytes;
    throw new Failure('malformed', { message: `A body of ${route.bytes.join(' or ')} is needed here and none came.` });
  }
  const taken = route.bytes ?? (route.body ? ['application/json'] : []);
  const type = (ctx.get('Content-Type').split(';')[0] ?? '').trim().toLowerCase();
  if (taken.length === 0) {
    if (type === 'application/json' && /^\s*\{\s*\}\s*$/.test(bytes.toString('latin1'))) return Buffer.alloc(0);
    throw new Failure('validation_failed', {
      content: { errors: [{ pointer: '', message: 'this path takes no body', keyword: 'false schema', params: {} }] },
    });
  }
  if (!taken.includes('*/*') && !taken.includes(type)) {
    throw new Failure('unsupported_media_type', {
      message: `Content-Type ${JSON.stringify(type.slice(0, 60))} is not taken here; ${taken.join(' or ')} is.`,
    });
  }
  const charset = /charset\s*=\s*"?([^";]+)/i.exec(ctx.get('Content-Type'))?.[1]?.trim().toLowerCase();
  if (!route.bytes && charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new Failure('unsupported_media_type', {
      message: `JSON is UTF-8 (RFC 8259); charset ${JSON.stringify(charset.slice(0, 40))} is not taken.`,
    });
  }
  return bytes;
}

function readJson(bytes: Buffer, route: Route): unknown {
  if (bytes.length === 0) {
    if (route.body_optional) return {};
    throw new Failure('malformed', { message: 'A JSON body is needed here and none came.' });
  }
  return olderFields(parseJson(bytes), route.body ?? {});
}

/** What most clients send, and what every route can answer. */
const takesJson = new Set(['', '*/*', 'application/json']);

function checkAccept(ctx: Context, route: Route): void {
  const accept = ctx.get('Accept');
  if (takesJson.has(accept)) return;
  const offered = route.produces ? [...route.produces, 'application/json'] : ['application/json'];
  if (ctx.accepts(offered) === false) {
    throw new Failure('not_acceptable', {
      message: `Accept ${JSON.stringify(accept.slice(0, 80))} leaves none of ${offered.join(', ')}.`,
    });
  }
}

/** Every header of a request is one text, but for one that belongs in answers: Node makes a list of it. */
function flatHeaders(ctx: Context): Record<string, string | undefined> {
  if (!('set-cookie' in ctx.headers)) return ctx.headers as Record<string, string | undefined>;
  const { 'set-cookie': _list, ...headers } = ctx.headers;
  return headers as Record<string, string | undefined>;
}

/** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), and the older X-RateLimit-*. */
function tellTurn(ctx: Context, turn: Turn | null): void {
  if (turn === null) return;
  const { res } = ctx;
  res.setHeader('RateLimit-Policy', `"default";q=${turn.limit};w=${turn.window_s}`);
  res.setHeader('RateLimit', `"default";r=${turn.remaining};t=${Math.ceil(turn.reset_s)}`);
  res.setHeader('X-RateLimit-Limit', String(turn.limit));
  res.setHeader('X-RateLimit-Remaining', String(turn.remaining));
  res.setHeader(
    'X-RateLimit-Reset',
    String(Math.ceil((performance.timeOrigin + performance.now()) / 1000 + turn.reset_s)),
  );
  if (turn.retry_after_s !== null) throw new Failure('rate_limited', { retry_after_s: turn.retry_after_s });
}
