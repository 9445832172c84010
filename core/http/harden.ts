import { randomBytes } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import helmet from 'koa-helmet';

/** Stands in the policy where each page's own nonce comes. */
const nonceHere = '{nonce}';

/**
 * Security headers on every answer: a strict Content-Security-Policy (scripts and styles from here only; the console's
 * own styles by a nonce in `ctx.state.nonce`), no framing, no sniffing, no referrer, HSTS under TLS.
 *
 * They never change, so helmet is asked once and not with every request. The API answers no pages, so it needs no nonce.
 */
export function securityHeaders(options: { tls: boolean }): Middleware {
  const asked = askHelmet(options);
  let headers: [string, string][] | undefined;
  let policy = '';
  let policyOfApi = '';
  return async function secure(ctx, next) {
    if (headers === undefined) {
      const all = await asked;
      policy = all.get(policyName) ?? '';
      policyOfApi = policy.replace(` 'nonce-${nonceHere}'`, '');
      all.delete(policyName);
      headers = [...all];
    }
    const { res } = ctx;
    for (const [name, value] of headers) res.setHeader(name, value);
    if (isApi(ctx.path)) {
      res.setHeader(policyName, policyOfApi);
    } else {
      ctx.state.nonce = randomBytes(16).toString('base64');
      res.setHeader(policyName, policy.replace(nonceHere, ctx.state.nonce));
    }
    return next();
  };
}

const policyName = 'Content-Security-Policy';

function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

/** The headers that helmet would set on any answer. */
async function askHelmet(options: { tls: boolean }): Promise<Map<string, string>> {
  const harden = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", `'nonce-${nonceHere}'`],
        // Mantine places things by style attributes; they cannot run anything.
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: options.tls ? { maxAge: 31_536_000 } : false,
  }) as unknown as Middleware;
  const headers = new Map<string, string>();
  const res = { setHeader: headers.set.bind(headers), removeHeader: () => undefined };
  await harden({ req: {}, res } as unknown as Context, async () => undefined);
  return headers;
}

/** Cross-origin requests (Fetch standard, CORS) from the listed origins only, with headers and never with cookies. */
export function cors(origins: readonly string[]): Middleware {
  return async function crossOrigin(ctx, next) {
    const origin = ctx.get('Origin');
    if (origin === '' || !origins.includes(origin)) return next();
    ctx.vary('Origin');
    ctx.set('Access-Control-Allow-Origin', origin);
    ctx.set(
      'Access-Control-Expose-Headers',
      'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotency-Replayed, Preference-Applied, Location',
    );
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return next();
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE');
    ctx.set(
      'Access-Control-Allow-Headers',
      'Authorization, X-API-Key, X-Workspace-Id, Content-Type, Idempotency-Key, If-Match, Prefer, X-Request-Id',
    );
    ctx.set('Access-Control-Max-Age', '600');
    ctx.status = 204;
    return undefined;
  };
}
