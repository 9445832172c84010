import type { Context } from 'koa';
import { Failure, type Language, messageFor } from '../../sdk/contract/failure.ts';
import { isDatabaseDown } from '../database/errors.ts';
import { log } from '../log.ts';
import { problemPath } from './problems-page.ts';
import { Raw, Reply, type Route } from './route.ts';

/** Writes what a handler gave: in the envelope, or as it is for a `Raw`. */
export function respond(ctx: Context, route: Route, given: unknown, language: Language): void {
  if (given instanceof Raw) {
    ctx.status = given.status;
    ctx.set(given.headers);
    ctx.body = given.body;
    // Koa makes an empty body 204; a redirect or a vendor's answer keeps the status that was chosen.
    if (given.body === null) ctx.status = given.status;
    return;
  }
  const reply = given instanceof Reply ? given : new Reply(given);
  ctx.status = reply.status ?? route.status;
  ctx.set(reply.headers);
  ctx.body = { code: 'S10000', msg: reply.msg ?? messageFor('ok', language), content: reply.content ?? {} };
}

/** The one exit of every error: a typed failure as it says, anything else as F50000 with the request id. */
export function respondFailure(ctx: Context, error: unknown, id: string, language: Language): void {
  const failure = asFailure(error);
  if (failure.status >= 500)
    // The route's path and not the request's own, which may hold a token.
    log.error({ err: error, request_id: id, method: ctx.method, route: ctx.state.route }, failure.message);
  const known = failure.help ? { ...failure.content, help: problemPath(failure.help) } : failure.content;
  const content = failure.name === 'internal' ? { request_id: id } : withErrors(failure, known);
  ctx.append('Link', `<${problemPath(failure.help ?? failure.name)}>; rel="help"`);
  if (failure.retry_after_s !== undefined)
    ctx.set('Retry-After', String(Math.max(1, Math.ceil(failure.retry_after_s))));
  if (failure.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.status = failure.status;
  ctx.body = { code: failure.code, msg: failure.messageIn(language), content };
}

/** Whoever reads F40022 finds `errors`, also where the rule is about the request as a whole. */
function withErrors(failure: Failure, content: object): object {
  if (failure.code !== 'F40022' || 'errors' in content) return content;
  return { ...content, errors: [{ pointer: '', message: failure.message, keyword: 'rule', params: {} }] };
}

/** The reader went, or may not read on: these are no mistakes. */
const brokenOff = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'];

/** An answer that had begun broke off; too late to tell its reader, so the log has it. */
export function noteBrokenAnswer(error: NodeJS.ErrnoException, ctx: Context): void {
  if (brokenOff.includes(error.code ?? '')) return;
  log.error({ err: error, request_id: ctx.state.id, route: ctx.state.route }, 'An answer broke off');
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isDatabaseDown(error)) return new Failure('database_unavailable', { cause: error, retry_after_s: 2 });
  return new Failure('internal', { cause: error });
}
