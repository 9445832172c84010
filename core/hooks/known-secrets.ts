import { oldAppSecrets } from '../credentials/app-secrets.ts';
import { openCredential } from '../credentials/credential.ts';
import { loadValues, type Values } from '../credentials/template-values.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { readSettings } from '../invocations/settings.ts';
import type { Taking } from './receive.ts';

/** What the templates of a trigger's checks may name, with the newest secrets. */
export async function knownValues(
  { installation, trigger, hook }: Taking,
  integration: IntegrationDoc | null,
): Promise<Values> {
  const settings = await readSettings(installation.workspace_id, installation, integration?.project_id ?? null);
  const values = await loadValues(
    {
      workspace_id: installation.workspace_id,
      installation,
      integration: integration && { _id: integration._id },
      configuration: { ...settings.values, ...integration?.configuration },
      configuration_secret: (name) => settings.secret(name),
    },
    integration,
    integration && openCredential(integration),
    [trigger.verify, trigger.handshake ?? []],
  );
  const known: Record<string, string> = hook ? { url: hook.url, key: hook.key } : {};
  const secret = hook?.secrets[0];
  return { ...values, hook: { ...known, ...(secret === undefined ? {} : { secret }) } };
}

/**
 * The same values with each secret that may prove a request: the newest first; while a rotation lasts, the hook's old
 * one too, and then those of the app. What is older is read only when the newer ones did not do.
 */
export async function* versionsOf(
  { installation, hook }: Taking,
  integration: IntegrationDoc | null,
  known: Values,
): AsyncGenerator<Values> {
  const withEach = (values: Values): Values[] =>
    hook ? hook.secrets.map((secret) => ({ ...values, hook: { ...values.hook, secret } })) : [values];
  yield* withEach(known);
  if (Object.keys(known.app).length === 0) return;
  const scope = { workspace_id: installation.workspace_id, installation };
  const old = await oldAppSecrets(scope, integration && openCredential(integration), Date.now());
  if (old) yield* withEach({ ...known, app: { ...known.app, ...old } });
}
