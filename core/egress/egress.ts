import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Agent, request as send } from 'undici';
import { config } from '../config.ts';
import { EgressError } from './egress-error.ts';
import { guardedAgent, type Lines, type Resolve, systemResolve, type Tls } from './guarded-agent.ts';
import { judgeUrl } from './judge-url.ts';
import { countRequest } from './metrics.ts';
import { nextHop } from './next-hop.ts';
import { acceptEncoding, readBody } from './read-body.ts';
import type { EgressAnswer, EgressHop, EgressRequest } from './types.ts';

export type { EgressAnswer, EgressHop, EgressRequest } from './types.ts';

const mostHops = 5;
/** Set by the connection itself; from a caller they could split or retarget the request. */
const ours = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'expect',
]);

/** A way out with its own rules, connections and name resolution. `egress` is the host's. */
export function createEgress(options: { allow: readonly string[]; resolve?: Resolve }) {
  const resolve = options.resolve ?? systemResolve;
  const lines: Lines = new Map();
  const open = guardedAgent({ allow: options.allow, resolve, lines });
  const strict = guardedAgent({ allow: [], resolve, lines });
  const withTls = new LRUCache<string, Agent>({ max: 200, dispose: (agent) => void agent.close() });

  function agentFor(allowed: boolean, tls: Tls | undefined): Agent {
    if (!tls) return allowed ? open : strict;
    const key = createHash('sha256')
      .update(JSON.stringify([allowed, tls]))
      .digest('base64');
    const agent = withTls.get(key) ?? guardedAgent({ allow: allowed ? options.allow : [], resolve, tls, lines });
    withTls.set(key, agent);
    return agent;
  }

  /**
   * Sends one HTTP request to the outside: the only way out of the host. The address is judged as a literal, as
   * resolved, and as connected; each redirect hop again. Answers any status; only the lack of an answer throws.
   *
   * @throws EgressError
   */
  async function egress(request: EgressRequest): Promise<EgressAnswer> {
    const allowed = request.allow_private !== false;
    const agent = agentFor(allowed, request.tls);
    const deadline = startDeadline(request.timeout_ms ?? 30_000, request.signal);
    let hop: EgressHop = {
      url: request.url,
      method: request.method ?? 'GET',
      headers: request.headers ?? {},
      body: request.body ?? null,
    };
    try {
      for (let hops = 0; ; hops += 1) {
        if (hops > mostHops) throw new EgressError('too_many_redirects', `More than ${mostHops} redirects`);
        const answer = await once(hop, agent, request, allowed, deadline);
        const next = request.on_hop ? nextHop(hop, answer) : null;
        if (!next) {
          countRequest(`${Math.floor(answer.status / 100)}xx`);
          return answer;
        }
        hop = await (request.on_hop as NonNullable<EgressRequest['on_hop']>)(next);
      }
    } catch (error) {
      const typed = typedError(error, hop.url, deadline, lines.get(URL.parse(hop.url)?.origin ?? '')?.address ?? null);
      if (typed instanceof EgressError) countRequest(typed.code);
      throw typed;
    } finally {
      deadline.stop();
    }
  }

  async function once(
    hop: EgressHop,
    agent: Agent,
    request: EgressRequest,
    allowed: boolean,
    deadline: Deadline,
  ): Promise<EgressAnswer> {
    const url = judgeUrl(hop.url, allowed ? options.allow : []);
    url.hash = '';
    const headers: Record<string, string> = { 'accept-encoding': acceptEncoding, 'user-agent': 'patchbay' };
    for (const [name, value] of Object.entries(hop.headers)) {
      if (ours.has(name.toLowerCase()))
        throw new EgressError('bad_request', `The header ${JSON.stringify(name)} cannot be set`);
      headers[name.toLowerCase()] = value;
    }
    const begun = performance.now();
    const answer = await send(url, {
      dispatcher: agent,
      method: hop.method as 'GET',
      headers,
      body: hop.body,
      signal: deadline.signal,
    });
    const headed = performance.now();
    const line = lines.get(url.origin);
    const seen = flatten(answer.headers);
    // Undici gives up an aborted body by itself; ours must not wait for a stream that nobody feeds any more.
    const { body, cut } = await readBody(
      answer.body,
      hop.method === 'HEAD' ? undefined : seen['content-encoding'],
      request.max_bytes ?? 8_000_000,
      request.overflow ?? 'fail',
    );
    return {
      status: answer.statusCode,
      headers: seen,
      url: url.href,
      body,
      cut,
      address: line?.address ?? null,
      timings: {
        connect_ms: line && line.at >= begun ? Math.round(line.took_ms) : null,
        head_ms: Math.round(headed - begun),
        body_ms: Math.round(performance.now() - headed),
      },
    };
  }

  return egress;
}

interface Deadline {
  signal: AbortSignal;
  expired(): boolean;
  stop(): void;
}

function startDeadline(ms: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, ms);
  const cancel = () => controller.abort();
  if (outer?.aborted) cancel();
  outer?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    stop() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', cancel);
    },
  };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && name !== 'set-cookie') flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

/** Undici's and Node's errors in our words; what a caller's `on_hop` threw passes as it is. */
function typedError(error: unknown, url: string, deadline: Deadline, address: string | null): unknown {
  if (error instanceof EgressError) return error;
  const cause = error instanceof Error && error.cause instanceof EgressError ? error.cause : undefined;
  if (cause) return cause;
  const host = URL.parse(url)?.host ?? 'the host';
  if (deadline.signal.aborted)
    return deadline.expired()
      ? new EgressError('timeout', `${host} did not answer in time`, { cause: error, address })
      : new EgressError('cancelled', 'The request was cancelled', { cause: error });
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  // Node names the address that it could not reach, which is not that of an earlier connection.
  const tried = (error as { address?: string } | null)?.address;
  const make = (name: ConstructorParameters<typeof EgressError>[0], what: string) =>
    new EgressError(name, `${host} ${what}${code ? ` (${code})` : ''}`, { cause: error, address: tried ?? address });
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/.test(code))
    return make('connect_failed', 'could not be reached');
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED|UND_ERR_CLOSED)$/.test(code))
    return make('reset', 'closed the connection');
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code))
    return make('tls_failed', 'could not be trusted');
  if (/^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/.test(code) || (error as Error | null)?.name === 'HTTPParserError')
    return make('bad_answer', 'did not answer in HTTP');
  if (/^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|UND_ERR_REQ)/.test(code) || error instanceof TypeError)
    return new EgressError(
      'bad_request',
      `The request to ${host} cannot be sent: ${(error as Error).message.slice(0, 200)}`,
    );
  return error;
}

let ownEgress: ReturnType<typeof createEgress> | undefined;

/** The host's way out, by its configuration. See `createEgress`. */
export function egress(request: EgressRequest): Promise<EgressAnswer> {
  ownEgress ??= createEgress({ allow: config().egress_allow });
  return ownEgress(request);
}
