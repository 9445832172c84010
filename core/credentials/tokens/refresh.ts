import type { Auth } from '../../../sdk/contract/manifest/auth.ts';
import { newId } from '../../database/id.ts';
import { transaction } from '../../database/transaction.ts';
import { emitEvent } from '../../events/emit-event.ts';
import { Integration, type IntegrationDoc, IntegrationLog } from '../../integrations/model.ts';
import { LeaseTaken, withLease } from '../../jobs/with-lease.ts';
import { BrokerError, type BrokerScope } from '../broker-scope.ts';
import { type Credential, openCredential, sealCredential } from '../credential.ts';
import { authNamed, manifestOf } from '../declared.ts';
import { integrationOf } from '../resolve-grants.ts';
import type { Yielded } from './read-token-answer.ts';
import { runGrant } from './token-call.ts';
import { TokenError } from './token-error.ts';
import { tokenPoint } from './token-point.ts';

/** Whether the host itself can get a new access token for this kind of credential. */
export function isRefreshable(auth: Auth | undefined, credential: Credential | null): boolean {
  if (!auth || auth.refresh === 'none') return false;
  if (['client_credentials', 'jwt_bearer'].includes(auth.type)) return auth.token !== undefined;
  return auth.type === 'oauth2' && auth.token !== undefined && Boolean(credential?.values.refresh_token);
}

/** Refreshes of this process by integration: a second caller waits for the first one's. */
const running = new Map<string, Promise<IntegrationDoc>>();

/**
 * Gets a new access token, once for all callers on all nodes: a lease per integration, and the version of the
 * credential that the caller found expired. Whoever comes second finds the new one. The new pair is stored before
 * anybody uses it; the old refresh token is kept when none comes back (RFC 6749, section 6).
 *
 * @param seen the integration as the caller saw it
 * @throws BrokerError `reconnect` when the grant is dead, or was never there; TokenError when the vendor does not answer
 */
export async function refreshCredential(scope: BrokerScope, seen: IntegrationDoc): Promise<IntegrationDoc> {
  const key = `${seen._id} ${seen.credential_version}`;
  const mine = running.get(key) ?? lead(scope, seen).finally(() => running.delete(key));
  running.set(key, mine);
  return mine;
}

async function lead(scope: BrokerScope, seen: IntegrationDoc): Promise<IntegrationDoc> {
  const before = await reread(scope);
  if (before.credential_version !== seen.credential_version) return before;
  return alone(seen._id, async () => {
    const current = await reread(scope);
    // Somebody refreshed while we waited for the lease.
    if (current.credential_version !== seen.credential_version) return current;
    try {
      return await refreshNow(scope, current);
    } catch (error) {
      if (!(error instanceof TokenError) || !error.dead) throw error;
      // The vendor may have seen a refresh that we did not store: a person may have reconnected meanwhile.
      const later = await reread(scope);
      if (later.credential_version !== current.credential_version) return later;
      await declareDead(later, error.message);
      throw new BrokerError('reconnect', 'The vendor no longer accepts this account; reconnect the integration', {
        cause: error,
      });
    }
  });
}

/**
 * A lease is renewed while it is needed. One whose host died is free again after six seconds: a call that waits for it on
 * another node has ten.
 */
async function alone<T>(integration_id: string, fn: () => Promise<T>): Promise<T> {
  try {
    return await withLease(`refresh:${integration_id}`, fn, { lease_ms: 6_000 });
  } catch (error) {
    if (!(error instanceof LeaseTaken)) throw error;
    throw new BrokerError('network', 'Another node renews this token and has not finished; try again in a moment', {
      cause: error,
    });
  }
}

async function reread(scope: BrokerScope): Promise<IntegrationDoc> {
  const integration = await integrationOf(scope);
  if (!integration) throw new BrokerError('not_connected', 'The integration is gone');
  return integration;
}

async function refreshNow(scope: BrokerScope, integration: IntegrationDoc): Promise<IntegrationDoc> {
  const credential = openCredential(integration) ?? { values: {} };
  const auth = authNamed(manifestOf(scope.installation), integration.auth_name);
  if (!auth?.token || !isRefreshable(auth, credential))
    throw new BrokerError('reconnect', 'This credential cannot be renewed by itself; reconnect the integration');
  const point = await tokenPoint(scope, auth, integration, credential);
  const refresh = typeof auth.refresh === 'object' ? auth.refresh : undefined;
  const { type, params } = grantOf(auth, credential);
  const { params: first, ...rest } = auth.token;
  // Parameters of the first exchange (a code, a redirect) have no place in a refresh, unless it has none of its own kind.
  const call = {
    ...rest,
    ...(type === 'refresh_token' ? {} : { params: first ?? {} }),
    ...(refresh?.url ? { url: refresh.url } : {}),
    ...(refresh?.params ? { params: refresh.params } : {}),
  };
  const yielded = await runGrant(point, call, auth.yields, { type, params });
  return storeToken(integration, credential, yielded);
}

function grantOf(auth: Auth, credential: Credential): { type: string; params: Record<string, string> } {
  if (auth.type === 'client_credentials') return { type: 'client_credentials', params: {} };
  if (auth.type === 'jwt_bearer') return { type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', params: {} };
  return { type: 'refresh_token', params: { refresh_token: credential.values.refresh_token ?? '' } };
}

/** Stores what a grant yielded over the version that it was asked for. */
async function storeToken(integration: IntegrationDoc, old: Credential, yielded: Yielded): Promise<IntegrationDoc> {
  const credential: Credential = { ...old, values: { ...old.values, ...yielded.values } };
  const stored = await transaction(async () => {
    const updated = await Integration.findOneAndUpdate(
      {
        _id: integration._id,
        workspace_id: integration.workspace_id,
        credential_version: integration.credential_version,
      },
      {
        $set: {
          credential: sealCredential(integration, credential),
          'auth_summary.expires_at': yielded.expires_at === null ? null : new Date(yielded.expires_at),
          ...(yielded.scopes === null ? {} : { 'auth_summary.scopes': yielded.scopes }),
          ...(integration.status === 'error' ? { status: 'active', sync_error_message: null } : {}),
        },
        $inc: { credential_version: 1 },
      },
      { returnDocument: 'after' },
    ).lean();
    if (updated) await note(integration, 'refreshed', 'info', 'The access token was renewed');
    return updated;
  });
  if (stored) return stored;
  const now = await Integration.findOne({ _id: integration._id, workspace_id: integration.workspace_id }).lean();
  if (!now) throw new BrokerError('not_connected', 'The integration is gone');
  return now;
}

/** Says, where people look, that this account must be connected again. */
async function declareDead(integration: IntegrationDoc, why: string): Promise<void> {
  await transaction(async () => {
    const { modifiedCount } = await Integration.updateOne(
      {
        _id: integration._id,
        workspace_id: integration.workspace_id,
        credential_version: integration.credential_version,
      },
      { $set: { status: 'error', sync_error_message: `Reconnect this integration. ${why}` } },
    );
    if (modifiedCount === 0) return;
    await note(integration, 'auth_expired', 'error', why);
    await emitEvent({
      workspace_id: integration.workspace_id,
      project_id: integration.project_id,
      type: 'integration.auth_expired',
      data: {
        integration_id: integration._id,
        project_id: integration.project_id,
        integration_type: integration.integration_type,
        name: integration.name,
        reason: why,
      },
      source: { kind: 'system', id: integration._id },
    });
  });
}

async function note(
  integration: IntegrationDoc,
  action: string,
  level: 'info' | 'error',
  message: string,
): Promise<void> {
  await IntegrationLog.create({
    _id: newId('ilg'),
    workspace_id: integration.workspace_id,
    integration_id: integration._id,
    action,
    level,
    message,
  });
}
