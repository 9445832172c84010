import { Integration, type IntegrationDoc } from '../../integrations/model.ts';
import type { BrokerScope } from '../broker-scope.ts';
import { openCredential } from '../credential.ts';
import { authNamed, manifestOf } from '../declared.ts';
import { sendCall } from './token-call.ts';
import { TokenError } from './token-error.ts';
import { tokenPoint } from './token-point.ts';

/**
 * Takes the token back at the vendor (RFC 7009, or as the manifest's `revoke` says), then forgets the credential here,
 * whatever the vendor answered.
 *
 * @returns whether the vendor was told
 * @throws TokenError after forgetting, when the vendor could not be told
 */
export async function revokeCredential(scope: BrokerScope, integration: IntegrationDoc): Promise<boolean> {
  const auth = authNamed(manifestOf(scope.installation), integration.auth_name);
  const credential = openCredential(integration);
  try {
    if (!auth?.revoke || !credential) return false;
    const point = await tokenPoint(scope, auth, integration, credential);
    const token = credential.values.refresh_token ?? credential.values.access_token;
    // A manifest that names parameters of its own says all that is sent.
    const params: Record<string, string> = auth.revoke.params || token === undefined ? {} : { token };
    const answer = await sendCall(auth.revoke, params, point);
    if (answer.status >= 400)
      throw new TokenError('not_revoked', `The vendor answered HTTP ${answer.status} to the revocation`);
    return true;
  } finally {
    await Integration.updateOne(
      {
        _id: integration._id,
        workspace_id: integration.workspace_id,
        credential_version: integration.credential_version,
      },
      { $set: { credential: null }, $inc: { credential_version: 1 } },
    );
  }
}
