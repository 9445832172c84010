import type { Auth } from '../../../sdk/contract/manifest/auth.ts';
import { Integration, type IntegrationDoc } from '../../integrations/model.ts';
import { withLease } from '../../jobs/with-lease.ts';
import { BrokerError, type BrokerScope } from '../broker-scope.ts';
import { openCredential, sealCredential } from '../credential.ts';
import { manifestOf } from '../declared.ts';
import { asText, parsed, valuesAt } from '../read-ref.ts';
import { integrationOf } from '../resolve-grants.ts';
import { readTokenAnswer } from './read-token-answer.ts';
import { sendCall } from './token-call.ts';
import { tokenPoint } from './token-point.ts';

const margin_ms = 60_000;

/**
 * The token of one of the manifest's exchanges (a GitHub installation, a Meta page), kept sealed beside the credential
 * until shortly before it ends.
 *
 * @param as which of several, when the exchange yields one for each of something
 * @throws BrokerError, TokenError
 */
export async function exchangedToken(asked: {
  scope: BrokerScope;
  integration: IntegrationDoc;
  auth: Auth;
  name: string;
  as: string;
}): Promise<Record<string, string>> {
  const { scope, name, as } = asked;
  const kept = keptToken(asked.integration, name, as);
  if (kept) return kept;
  return withLease(`exchange:${asked.integration._id}:${name}`, async () => {
    const integration = await integrationOf(scope);
    if (!integration) throw new BrokerError('not_connected', 'The integration is gone');
    const meanwhile = keptToken(integration, name, as);
    if (meanwhile) return meanwhile;
    const found = await exchange({ ...asked, integration });
    const credential = openCredential(integration) ?? { values: {} };
    const others = { ...credential.others, [name]: { ...credential.others?.[name], ...found } };
    await Integration.updateOne(
      {
        _id: integration._id,
        workspace_id: integration.workspace_id,
        credential_version: integration.credential_version,
      },
      { $set: { credential: sealCredential(integration, { ...credential, others }) } },
    );
    const one = found[as];
    if (!one) throw new BrokerError('bad_request', 'The vendor gave no token for what `as` names');
    return one.values;
  });
}

function keptToken(integration: IntegrationDoc, name: string, as: string): Record<string, string> | undefined {
  const kept = openCredential(integration)?.others?.[name]?.[as];
  if (!kept || (kept.expires_at && Date.parse(kept.expires_at) - Date.now() < margin_ms)) return undefined;
  return kept.values;
}

type Found = Record<string, { values: Record<string, string>; expires_at?: string }>;

async function exchange(asked: Parameters<typeof exchangedToken>[0]): Promise<Found> {
  const { scope, integration, auth, name, as } = asked;
  const declared = manifestOf(scope.installation).exchanges?.[name];
  if (!declared) throw new BrokerError('bad_request', 'There is no such exchange');
  const point = await tokenPoint(scope, auth, integration, openCredential(integration));
  const held: Record<string, string> = { ...point.values.credential, as };
  const values = { ...point.values, credential: held };
  // The exchange is asked for with the account's own token, unless the declaration signs it itself.
  const bearer: Record<string, string> = held.access_token ? { authorization: `Bearer ${held.access_token}` } : {};
  const call = {
    ...declared.request,
    client: declared.request.client ?? ('none' as const),
    headers: { ...(declared.request.sign ? {} : bearer), ...declared.request.headers },
  };
  const answer = await sendCall(call, {}, { ...point, values });
  const { each } = declared.yields;
  if (!each) {
    const yielded = readTokenAnswer(answer, declared.yields, Date.now());
    return { [as]: entry(yielded) };
  }
  const found: Found = {};
  for (const item of valuesAt(parsed(answer.body.toString()), each.at).flat()) {
    const key = asText(valuesAt(item, each.key)[0]);
    if (key === undefined) continue;
    const one = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(item)) };
    found[key] = entry(readTokenAnswer(one, declared.yields, Date.now()));
  }
  return found;
}

function entry({ values, expires_at }: { values: Record<string, string>; expires_at: number | null }) {
  return { values, ...(expires_at === null ? {} : { expires_at: new Date(expires_at).toISOString() }) };
}
