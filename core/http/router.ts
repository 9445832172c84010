import type { Context, Middleware } from 'koa';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Route } from './route.ts';

/** The base path of the API. */
export const base = '/api/v1';

/** A path of `API.md` as a regular expression with one named group a parameter. */
export function pathPattern(path: string): RegExp {
  const source = path
    .split(/(\{[a-z_]+\??\})/)
    .map((part) => {
      const parameter = /^\{([a-z_]+)(\?)?\}$/.exec(part);
      if (!parameter) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      // A plugin's name has a slash of its own: taken encoded (`%40acme%2Fx`) or plain (`@acme/x`).
      return parameter[1] === 'name' ? '(?<name>(?:@|%40)[^/]+/[^/]+|[^/]+)' : `(?<${parameter[1]}>[^/]+)`;
    })
    .join('');
  return new RegExp(`^${source}/?$`);
}

/** Fixed segments before parameters, longer paths first: so `/plugins/marketplace` is never read as `/plugins/{id}`. */
export function bySpecificity(a: Route, b: Route): number {
  const left = a.path.split('/');
  const right = b.path.split('/');
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const one = left[i];
    const other = right[i];
    if (one === undefined) return 1;
    if (other === undefined) return -1;
    const difference = Number(one.startsWith('{')) - Number(other.startsWith('{'));
    if (difference !== 0) return difference;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/**
 * The parameters of a path, decoded.
 *
 * @throws Failure `malformed` when a segment is not valid percent-encoding (RFC 3986, 2.1)
 */
export function readParams(pattern: RegExp, path: string): Record<string, string> {
  const params: Record<string, string> = {};
  if (!pattern.source.includes('(?<')) return params;
  for (const [name, value] of Object.entries(pattern.exec(path)?.groups ?? {})) {
    params[name] = decode(value);
  }
  return params;
}

/** @throws Failure `malformed` */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new Failure('malformed', {
      message: `The address has a broken percent-encoding in ${JSON.stringify(segment.slice(0, 60))}: write % itself as %25.`,
      cause,
    });
  }
}

/**
 * The router: every route under the base path. A path that is known with another method is F40005 with `Allow`,
 * an unknown one F40004.
 *
 * A path without parameters is looked up; of the others only those that begin with the same segment are tried, so the
 * hundred routes of other nouns cost a request nothing.
 */
export function createRouter(
  routes: readonly Route[],
  serve: (route: Route, pattern: RegExp) => Middleware,
): Middleware {
  const fixed = new Map<string, Middleware>();
  const byNoun = new Map<string, { method: string; pattern: RegExp; run: Middleware }[]>();
  for (const route of [...routes].sort(bySpecificity)) {
    const pattern = pathPattern(base + route.path);
    const run = serve(route, pattern);
    for (const method of route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]) {
      if (!route.path.includes('{')) {
        fixed.set(`${method} ${base}${route.path}`, run);
        continue;
      }
      const noun = nounOf(base + route.path);
      byNoun.set(noun, [...(byNoun.get(noun) ?? []), { method, pattern, run }]);
    }
  }
  const refuse = methodCheck(routes);
  return function dispatch(ctx, next) {
    const { path, method } = ctx;
    const known = fixed.get(`${method} ${path.endsWith('/') ? path.slice(0, -1) : path}`);
    const run =
      known ?? byNoun.get(nounOf(path))?.find((one) => one.method === method && one.pattern.test(path))?.run ?? refuse;
    return run(ctx, next);
  };
}

/** The first segment below the base path. */
function nounOf(path: string): string {
  const end = path.indexOf('/', base.length + 1);
  return path.slice(base.length + 1, end === -1 ? undefined : end);
}

function methodCheck(routes: readonly Route[]): Middleware {
  const known = routes.map((route) => ({ pattern: pathPattern(base + route.path), method: route.method }));
  return async function refuse(ctx: Context) {
    decode(ctx.path);
    const allowed = new Set(known.filter(({ pattern }) => pattern.test(ctx.path)).map(({ method }) => method));
    if (allowed.size === 0) {
      throw new Failure('not_found', {
        message: `There is nothing at ${JSON.stringify(ctx.path.slice(0, 200))}; GET ${base}/openapi.json lists every path.`,
      });
    }
    const list = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].sort().join(', ');
    ctx.set('Allow', list);
    throw new Failure('method_not_allowed', {
      message: `${ctx.method.slice(0, 20)} is not possible here; ${list} is.`,
    });
  };
}
