import { judgeFetch } from '../../sandbox/capabilities/fetch.ts';
import { matchHost } from '../../sandbox/capabilities/match-host.ts';
import type { FetchAnswer, FetchRequest, NetworkGrant } from '../../sandbox/types.ts';
import type { Auth } from '../../sdk/contract/manifest/auth.ts';
import { TemplateError } from '../../sdk/contract/template.ts';
import { backoff, pause } from '../../sdk/flow/retry.ts';
import { type EgressAnswer, type EgressHop, egress } from '../egress/egress.ts';
import { EgressError } from '../egress/egress-error.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { blankSecrets } from './blank-secrets.ts';
import { BrokerError, type BrokerScope } from './broker-scope.ts';
import { type Credential, openCredential } from './credential.ts';
import { crossingError } from './crossing-error.ts';
import { authNamed, manifestOf } from './declared.ts';
import { namedHookSecret, swapHookSecret } from './hook-placeholder.ts';
import { resolveHosts } from './hosts.ts';
import { inject } from './inject.ts';
import { keepHookSecret } from './keep-hook-secret.ts';
import { budgetsOf, toldBy } from './limits/budgets-of.ts';
import { passLimits } from './limits/pass-limits.ts';
import { blockBudget } from './limits/slots.ts';
import { longestWaitMs } from './limits/turn.ts';
import { meaningOf } from './meaning.ts';
import type { Outgoing } from './outgoing.ts';
import { plainRequest } from './plain-request.ts';
import { presentAnswer } from './present-answer.ts';
import { parsed } from './read-ref.ts';
import { integrationOf } from './resolve-grants.ts';
import { sign } from './sign.ts';
import { fill, loadValues, secretsIn, type Values } from './template-values.ts';
import { exchangedToken } from './tokens/exchange.ts';
import { isRefreshable, refreshCredential } from './tokens/refresh.ts';

const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const mostTries = 4;
/** A refresh this long before the end saves a failed call; spread, so that many integrations do not refresh at once. */
const usualMargin_s = 60;

/** What one request runs with. */
interface Work {
  scope: BrokerScope;
  request: FetchRequest;
  grants: readonly NetworkGrant[];
  integration: IntegrationDoc | null;
  credential: Credential | null;
  auth: Auth | undefined;
  values: Values;
  plain: Outgoing;
  signal: AbortSignal | undefined;
}

/**
 * Does a plugin's `ctx.fetch`: resolves a relative address against `base_url`, judges the address by the live grants,
 * waits for the vendor's limits, adds the credential where it may go, sends, follows redirects (each judged again; the
 * credential stays behind when the origin changes), refreshes an expired token once, retries what may be repeated, and
 * blanks every secret in the answer. The plugin never sees the credential.
 *
 * @param scope whose plugin, account and settings; from the host's records
 * @param grants the call's live network grants, hosts resolved
 * @throws BrokerError with a code and words that may cross into the sandbox
 */
export async function brokerFetch(
  scope: BrokerScope,
  request: FetchRequest,
  grants: readonly NetworkGrant[],
  info?: { signal: AbortSignal },
): Promise<FetchAnswer> {
  try {
    return await fetchFor(scope, request, grants, info?.signal);
  } catch (error) {
    throw crossingError(error);
  }
}

async function fetchFor(
  scope: BrokerScope,
  request: FetchRequest,
  grants: readonly NetworkGrant[],
  signal: AbortSignal | undefined,
): Promise<FetchAnswer> {
  let work = await prepare(scope, request, grants, signal);
  if (isDue(work)) work = await renewed(work);
  const repeatable = request.idempotent ?? idempotent.has(work.plain.method);
  for (let tries = 1, refreshed = false; ; tries += 1) {
    let answer: EgressAnswer;
    try {
      answer = await sendOnce(work);
    } catch (error) {
      if (!(error instanceof EgressError && error.passing && repeatable && tries < mostTries)) throw error;
      await backOff(tries, undefined, signal);
      continue;
    }
    const meaning = await learnFrom(work, answer);
    if (meaning.means === 'expired' && !refreshed && work.auth && isRefreshable(work.auth, work.credential)) {
      refreshed = true;
      work = await renewed(work);
      continue;
    }
    const again = (meaning.means === 'retry' || meaning.means === 'limited') && repeatable && tries < mostTries;
    if (again && (meaning.after_s ?? 0) <= 10) {
      await backOff(tries, meaning.after_s, signal);
      continue;
    }
    if (request.redirect === 'error' && answer.status >= 300 && answer.status < 400)
      throw new BrokerError('bad_request', `The vendor answered with a redirect (${answer.status})`);
    const redact = [...(manifestOf(scope.installation).redact ?? [])];
    if (scope.hook_secret && work.integration && answer.status < 300) {
      const secret = await keepHookSecret(work.integration, scope.hook_secret, answer.body);
      if (secret !== null) work.values.hook.secret = secret;
      redact.push(scope.hook_secret.at);
    }
    return presentAnswer(answer, meaning.means, { secrets: secretsOf(work), redact });
  }
}

async function prepare(
  scope: BrokerScope,
  request: FetchRequest,
  grants: readonly NetworkGrant[],
  signal: AbortSignal | undefined,
): Promise<Work> {
  const integration = await integrationOf(scope);
  if (scope.integration && !integration) throw new BrokerError('not_connected', 'The integration is gone');
  const manifest = manifestOf(scope.installation);
  const own = authNamed(manifest, integration?.auth_name);
  const isExchange = typeof request.auth === 'string' && Object.hasOwn(manifest.exchanges ?? {}, request.auth);
  if (typeof request.auth === 'string' && !isExchange && request.auth !== own?.name)
    throw new BrokerError(
      'bad_request',
      'auth must name the way this account is connected, or one of the manifest’s exchanges',
    );
  const credential = integration ? openCredential(integration) : null;
  const values = await loadValues(scope, integration, credential, [
    own ?? {},
    manifest.exchanges ?? {},
    '{app.client_id}',
  ]);
  const auth = request.auth === false ? undefined : own;
  const plain = plainRequest(request, own, values);
  const work = { scope, request, grants, integration, credential, auth, values, plain, signal };
  return isExchange ? withExchanged(work, request.auth as string) : work;
}

/** The work with the token of an exchange in place of the account's own (`ctx.fetch(url, {auth: 'page', as: id})`). */
async function withExchanged(work: Work, name: string): Promise<Work> {
  const { integration, auth, credential, scope, request } = work;
  if (!integration || !auth || !credential)
    throw new BrokerError('not_connected', 'An exchange needs a connected account');
  const values = await exchangedToken({ scope, integration, auth, name, as: request.as ?? '' });
  return { ...work, values: { ...work.values, credential: { ...work.values.credential, ...values } } };
}

function judge(work: Work, url: URL, method: string): NetworkGrant {
  const judged = judgeFetch(work.grants, { url: url.href, method });
  if (!judged.ok) throw new BrokerError('denied', judged.message);
  return judged.grant;
}

/** One try: judged, let out by the limits, with the credential, over redirects. */
async function sendOnce(work: Work): Promise<EgressAnswer> {
  const { plain, request, signal, scope } = work;
  const grant = judge(work, plain.url, plain.method);
  const timeout_ms = Math.min(request.timeout_ms ?? 30_000, 120_000);
  const passage = passLimits({
    project: scope.project_id ?? scope.workspace_id,
    // What was let out waits for its other limits, and for this process, before it is sent.
    flight_ms: timeout_ms + 2 * longestWaitMs,
    signal,
  });
  const origin = plain.url.origin;
  let left = false;
  const tls = tlsOf(work);
  const follow = async (hop: EgressHop): Promise<EgressHop> => {
    const url = new URL(hop.url);
    left ||= url.origin !== origin;
    const next = judge(work, url, hop.method);
    if (next.private !== true && grant.private === true)
      throw new BrokerError('denied', 'A redirect may not leave what was granted as private');
    const bare: Outgoing = {
      url,
      method: hop.method,
      // What nextHop kept, but only of what the plugin itself had written.
      headers: Object.fromEntries(Object.entries(plain.headers).filter(([name]) => name in hop.headers)),
      body: hop.body === null ? null : plain.body,
    };
    await passage.enter(budgets(work, bare));
    const sent = left ? scrubbed(work, bare) : await authorised(work, bare);
    return { url: sent.url.href, method: sent.method, headers: sent.headers, body: sent.body };
  };
  try {
    await passage.enter(budgets(work, plain));
    const first = await authorised(work, plain);
    return await egress({
      url: first.url.href,
      method: first.method,
      headers: first.headers,
      body: first.body,
      timeout_ms,
      max_bytes: Math.min(request.max_bytes ?? 8_000_000, 8_000_000),
      allow_private: grant.private === true,
      ...(tls ? { tls } : {}),
      ...(signal ? { signal } : {}),
      ...(request.redirect === undefined || request.redirect === 'follow' ? { on_hop: follow } : {}),
    });
  } finally {
    passage.leave();
  }
}

/** A request to another origin: not even what the vendor wrote of our secrets into its redirect goes along. */
function scrubbed(work: Work, outgoing: Outgoing): Outgoing {
  const href = blankSecrets(secretsOf(work)).text(outgoing.url.href);
  return { ...outgoing, url: new URL(href) };
}

/** The request with the credential in it, when this credential may go to that host. */
async function authorised(work: Work, outgoing: Outgoing): Promise<Outgoing> {
  const { auth, values, request, integration } = work;
  if (!auth || auth.type === 'none') return outgoing;
  const hosts = resolveHosts(auth.hosts, values);
  if (!hosts.some((host) => matchHost(host, outgoing.url))) {
    if (typeof request.auth === 'string')
      throw new BrokerError('denied', `This credential may not go to ${outgoing.url.host}`);
    return outgoing;
  }
  if (!work.credential) {
    if (integration) throw new BrokerError('not_connected', 'The integration is not connected yet');
    return outgoing;
  }
  await work.scope.credential_used?.();
  const named = integration
    ? await namedHookSecret(outgoing, { workspace_id: integration.workspace_id, integration_id: integration._id })
    : null;
  // Known from now on, so that an echo of it is blanked too.
  if (named) values.hook.secret = named.secret;
  const injected = inject(named ? swapHookSecret(outgoing, named) : outgoing, auth, values);
  return auth.sign ? sign(injected, auth.sign, values) : injected;
}

function tlsOf({ auth, values, credential }: Work) {
  if (!auth?.tls || !credential) return undefined;
  const { ca, cert, key, server_name } = auth.tls;
  const optional = (template: string | undefined) => {
    if (template === undefined) return undefined;
    try {
      return fill(template, values);
    } catch (error) {
      if (error instanceof TemplateError) return undefined;
      throw error;
    }
  };
  const entries = Object.entries({ ca, cert, key, server_name }).map(([name, template]) => [name, optional(template)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function budgets(work: Work, { url, method }: Outgoing) {
  const { scope, integration, values } = work;
  return budgetsOf(
    manifestOf(scope.installation),
    {
      workspace_id: scope.workspace_id,
      installation_id: scope.installation._id,
      integration,
      client_id: values.app.client_id ?? null,
    },
    { url, method },
  );
}

/** What the answer means, and what it tells of the vendor's limits: kept for every node. */
async function learnFrom(work: Work, answer: EgressAnswer) {
  const isJson = /json/.test(answer.headers['content-type'] ?? '') || [0x7b, 0x5b].includes(answer.body[0] ?? 0);
  let json: { value: unknown } | undefined;
  const answered = {
    status: answer.status,
    path: work.plain.url.pathname,
    headers: answer.headers,
    // A page of records is parsed only where a rule looks into it.
    get json() {
      json ??= { value: isJson ? parsed(answer.body.toString()) : undefined };
      return json.value;
    },
    text: isJson ? undefined : answer.body.subarray(0, 64_000).toString(),
  };
  const meaning = meaningOf(answered, manifestOf(work.scope.installation).answers ?? []);
  const limited = meaning.means === 'limited' ? new Date(Date.now() + (meaning.after_s ?? 1) * 1000) : null;
  for (const budget of budgets(work, work.plain)) {
    const told = toldBy(answered, budget.declared);
    const until = budget.declared === null ? (limited ?? told?.until ?? null) : (told?.until ?? null);
    // Every answer tells something; only what holds requests back, or shows how much is left, is worth a write.
    if (until || (told && isWorthTelling(told))) await blockBudget(budget, { ...told, until });
  }
  return meaning;
}

function isWorthTelling({ limit, remaining }: { limit: number | null; remaining: number | null }): boolean {
  return remaining !== null && (remaining % 50 === 0 || (limit !== null && remaining < limit / 10));
}

function isDue({ auth, credential, integration }: Work): boolean {
  if (!integration || !isRefreshable(auth, credential)) return false;
  // Client credentials and JWT bearer begin without a token: the first request gets one.
  if (credential && !credential.values.access_token) return true;
  const ends = integration.auth_summary.expires_at;
  if (!ends) return false;
  const margin = (typeof auth?.refresh === 'object' ? auth.refresh.margin_s : undefined) ?? usualMargin_s;
  return new Date(ends).getTime() - Date.now() < margin * 1000 * (0.5 + Math.random() / 2);
}

/** The same work with a new access token. */
async function renewed(work: Work): Promise<Work> {
  const { scope, request, grants, integration, signal } = work;
  if (!integration) return work;
  await refreshCredential(scope, integration);
  return prepare(scope, request, grants, signal);
}

/** Full jitter; at least what the vendor asked for. */
function backOff(tries: number, after_s: number | undefined, signal: AbortSignal | undefined): Promise<void> {
  return pause((after_s ?? 0) * 1000 + backoff(tries + 1, { base_ms: 200, cap_ms: 5_000 }), signal);
}

function secretsOf({ scope, values, credential }: Work): string[] {
  return secretsIn(scope, values, credential);
}
