import type { RateLimit } from '../../../sdk/contract/manifest/limits.ts';
import type { Manifest } from '../../../sdk/contract/manifest.ts';
import type { IntegrationDoc } from '../../integrations/model.ts';
import type { Answered } from '../meaning.ts';
import { anyPathMatches } from '../path-matches.ts';
import { readRef } from '../read-ref.ts';
import { type Budget, budgetId } from './slots.ts';

/** A budget with the declaration that it comes from; none for what only the vendor's answers tell. */
export interface DeclaredBudget extends Budget {
  declared: RateLimit | null;
}

/**
 * The budgets that a request counts against: the declared ones that its path and method fall under, and always one per
 * account and host, which the vendor's 429 and `remaining: 0` close.
 */
export function budgetsOf(
  manifest: Manifest,
  about: {
    workspace_id: string;
    installation_id: string;
    integration: IntegrationDoc | null;
    client_id: string | null;
  },
  request: { url: URL; method: string },
): DeclaredBudget[] {
  const { workspace_id, integration } = about;
  const account = integration?.auth_summary.account ?? integration?._id ?? about.installation_id;
  const by = (limit: RateLimit): string => {
    if (limit.per === 'app') return `app ${about.client_id ?? about.installation_id}`;
    if (limit.per === 'host') return `host ${request.url.host}`;
    if (limit.per === 'account') return `account ${account}`;
    return `credential ${integration?._id ?? about.installation_id}`;
  };
  const declared = (manifest.rate_limits ?? [])
    .map((limit, index) => ({ limit, name: limit.name ?? String(index) }))
    .filter(
      ({ limit }) =>
        anyPathMatches(limit.paths, request.url.pathname) &&
        (limit.methods === undefined || limit.methods.includes(request.method)),
    )
    .flatMap(({ limit, name }): DeclaredBudget[] => {
      const id = (...more: string[]) => budgetId(workspace_id, about.installation_id, by(limit), name, ...more);
      const cost = typeof limit.cost === 'number' ? { cost: limit.cost } : {};
      const counted: DeclaredBudget = { id: id(), workspace_id, window: windowOf(limit), declared: limit, ...cost };
      if (limit.concurrent === undefined) return [counted];
      const window = { limit: limit.concurrent, window_ms: 0 };
      const atOnce: DeclaredBudget = { id: id('at once'), workspace_id, window, declared: { per: limit.per } };
      return counted.window || limit.tells ? [atOnce, counted] : [atOnce];
    });
  const general: DeclaredBudget = {
    id: budgetId(workspace_id, about.installation_id, `account ${account}`, request.url.host),
    workspace_id,
    owner: `account ${account}`,
    window: null,
    declared: null,
  };
  // The counted ones last: a slot that is taken should be used at once, or the vendor sees it in a later window.
  return [general, ...ownBudgets(integration), ...declared];
}

/** What the integration's owner allows it, whatever the vendor would. */
function ownBudgets(integration: IntegrationDoc | null): DeclaredBudget[] {
  if (!integration) return [];
  const windows = [
    { name: 'hour', limit: integration.rate_limit_per_hour, window_ms: 3_600_000 },
    { name: 'day', limit: integration.rate_limit_per_day, window_ms: 86_400_000 },
  ];
  return windows.flatMap(({ name, limit, window_ms }) =>
    limit === null
      ? []
      : [
          {
            id: budgetId(integration.workspace_id, integration._id, 'own', name),
            workspace_id: integration.workspace_id,
            window: { limit, window_ms },
            declared: ownLimit,
          },
        ],
  );
}

/** Stands for a limit that no answer of the vendor tells of. */
const ownLimit: RateLimit = { per: 'credential' };

function windowOf(limit: RateLimit): Budget['window'] {
  if (limit.limit !== undefined && limit.window_s !== undefined)
    return { limit: limit.limit, window_ms: limit.window_s * 1000 };
  // A bucket that refills: what refills in ten seconds may be used in ten seconds.
  if (limit.refill_per_s !== undefined)
    return {
      limit: Math.max(1, Math.floor(limit.refill_per_s * 10)),
      window_ms: Math.max(10_000, 1000 / limit.refill_per_s),
    };
  return null;
}

/** What an answer tells about a budget: how much is left, and until when nothing more will be answered. */
export interface Told {
  until: Date | null;
  limit: number | null;
  remaining: number | null;
  reset_at: Date | null;
}

/**
 * Reads what the vendor tells: by the declaration, else by the usual headers (`RateLimit-*` of the IETF draft with
 * seconds, `X-RateLimit-*` with seconds or an epoch). `null` when it tells nothing.
 */
export function toldBy(answer: Answered, declared: RateLimit | null): Told | null {
  const tells = declared?.tells;
  const read = (name: 'limit' | 'remaining' | 'used' | 'reset'): string | undefined => {
    const ref = tells?.[name];
    if (ref) return readRef(ref, answer);
    if (declared || name === 'used') return undefined;
    return answer.headers[`x-ratelimit-${name}`] ?? answer.headers[`ratelimit-${name}`];
  };
  const limit = numberIn(read('limit'));
  const used = numberIn(read('used'));
  const remaining = numberIn(read('remaining')) ?? (limit !== null && used !== null ? limit - used : null);
  const reset_at = resetTime(read('reset'), tells?.reset_as);
  if (limit === null && remaining === null && reset_at === null) return null;
  return { limit, remaining, reset_at, until: remaining !== null && remaining <= 0 ? reset_at : null };
}

function numberIn(text: string | undefined): number | null {
  const number = Number.parseFloat(text ?? '');
  return Number.isFinite(number) ? number : null;
}

function resetTime(text: string | undefined, as: NonNullable<RateLimit['tells']>['reset_as']): Date | null {
  if (text === undefined) return null;
  if (as === 'date') return dateOf(Date.parse(text));
  const number = numberIn(text);
  if (number === null) return null;
  if (as === 'epoch_ms' || (!as && number > 1e11)) return dateOf(number);
  if (as === 'epoch_s' || (!as && number > 1e8)) return dateOf(number * 1000);
  return dateOf(Date.now() + (as === 'in_ms' ? number : number * 1000));
}

/** At most a day ahead: a vendor's slip must not silence an integration for years. */
function dateOf(ms: number): Date | null {
  return Number.isFinite(ms) ? new Date(Math.min(ms, Date.now() + 86_400_000)) : null;
}
