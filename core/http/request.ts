import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Context, Middleware } from 'koa';
import { Histogram } from 'prom-client';
import { pickLanguage } from '../../sdk/contract/failure.ts';
import { log } from '../log.ts';
import { registry } from '../metrics.ts';
import { respondFailure } from './respond.ts';
import type { State } from './serve.ts';

const duration = new Histogram({
  name: 'patchbay_http_request_seconds',
  help: 'HTTP requests by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
  registers: [registry],
});

/** The outermost middleware: names the request, times it, logs it, and turns whatever was thrown into an answer. */
export function request(options: { trust_proxy: boolean }): Middleware {
  return async function outermost(ctx, next) {
    const began = performance.now();
    const state = ctx.state as State;
    state.id = requestId(ctx);
    state.language = pickLanguage(ctx.get('Accept-Language'));
    state.address = clientAddress(ctx, options.trust_proxy);
    state.route = 'none';
    ctx.set('X-Request-Id', state.id);
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Vary', 'Accept-Language');
    try {
      await next();
    } catch (error) {
      respondFailure(ctx, error, state.id, state.language);
    }
    const seconds = (performance.now() - began) / 1000;
    duration.observe({ method: knownMethod(ctx.method), route: state.route, status: String(ctx.status) }, seconds);
    log.debug(
      {
        request_id: state.id,
        method: ctx.method,
        route: state.route,
        status: ctx.status,
        ms: Math.round(seconds * 1000),
      },
      'request',
    );
  };
}

/** The caller's id when it is a sane token, else a new one. */
function requestId(ctx: Context): string {
  const given = ctx.get('X-Request-Id');
  return /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Behind a trusted proxy the last address that it added counts: those before it are the client's own claim. */
function clientAddress(ctx: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? ctx.get('X-Forwarded-For').split(',').at(-1)?.trim() : '';
  const address = forwarded || ctx.req.socket.remoteAddress || '';
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

/** Metric labels stay bounded whatever a client sends. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';
}
