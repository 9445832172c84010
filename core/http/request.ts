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

const durations = new Map<string, ReturnType<typeof duration.labels>>();

/** The histogram of one method, route and status; found once, since finding it costs more than observing. */
function durationOf(method: string, route: string, status: number): ReturnType<typeof duration.labels> {
  const name = `${method} ${route} ${status}`;
  const found = durations.get(name);
  if (found) return found;
  const made = duration.labels(knownMethod(method), route, String(status));
  // Methods are the client's to write, so only known ones are kept.
  if (knownMethod(method) === method) durations.set(name, made);
  return made;
}

/** The outermost middleware: names the request, times it, logs it, and turns whatever was thrown into an answer. */
export function request(options: { trust_proxy: boolean }): Middleware {
  return async function outermost(ctx, next) {
    const began = performance.now();
    const state = ctx.state as State;
    state.id = requestId(ctx);
    state.language = pickLanguage(ctx.get('Accept-Language'));
    state.address = clientAddress(ctx, options.trust_proxy);
    state.route = 'none';
    ctx.res.setHeader('X-Request-Id', state.id);
    ctx.res.setHeader('Cache-Control', 'no-store');
    ctx.res.setHeader('Vary', 'Accept-Language');
    try {
      await next();
    } catch (error) {
      respondFailure(ctx, error, state.id, state.language);
    }
    const seconds = (performance.now() - began) / 1000;
    durationOf(ctx.method, state.route, ctx.status).observe(seconds);
    if (!log.isLevelEnabled('debug')) return;
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
  // Some proxies add the port: 192.0.2.7:443, [2001:db8::1]:443.
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
  return bare.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Metric labels stay bounded whatever a client sends. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';
}
