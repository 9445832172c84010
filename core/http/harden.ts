import { randomBytes } from 'node:crypto';
import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

/**
 * Security headers on every answer: a strict Content-Security-Policy (scripts and styles from here only; the console's
 * own styles by a nonce in `ctx.state.nonce`), no framing, no sniffing, no referrer, HSTS under TLS.
 */
export function securityHeaders(options: { tls: boolean }): Middleware {
  const harden = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", (_request, response) => `'nonce-${(response as unknown as { nonce: string }).nonce}'`],
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
  return async function secure(ctx, next) {
    ctx.state.nonce = randomBytes(16).toString('base64');
    (ctx.res as unknown as { nonce: string }).nonce = ctx.state.nonce;
    return harden(ctx, next);
  };
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
      'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotency-Replayed',
    );
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return next();
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE');
    ctx.set(
      'Access-Control-Allow-Headers',
      'Authorization, X-API-Key, X-Workspace-Id, Content-Type, Idempotency-Key, If-Match, X-Request-Id',
    );
    ctx.set('Access-Control-Max-Age', '600');
    ctx.status = 204;
    return undefined;
  };
}
