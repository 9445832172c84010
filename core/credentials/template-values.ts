import { expandTemplate, isSecretPlace, placesOf, type TemplatePlace } from '../../sdk/contract/template.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { appSecrets } from './app-secrets.ts';
import type { BrokerScope } from './broker-scope.ts';
import { type Credential, openSettings } from './credential.ts';
import { manifestOf, textsIn } from './declared.ts';

/** The values that templates may name, by source. */
export interface Values {
  app: Record<string, string>;
  config: Record<string, string>;
  credential: Record<string, string>;
  integration: Record<string, string>;
  hook: Record<string, string>;
}

/**
 * Loads what the templates in `parts` name: app fields and secret settings only when one of them does.
 *
 * @param parts pieces of the manifest that hold templates
 */
export async function loadValues(
  scope: BrokerScope,
  integration: IntegrationDoc | null,
  credential: Credential | null,
  parts: unknown,
): Promise<Values> {
  const places = textsIn(parts).flatMap((text) => placesOf(text));
  const config = plainValues({ ...scope.configuration, ...integration?.configuration });
  const settings = integration ? openSettings(integration) : {};
  for (const name of new Set(places.filter(({ source }) => source === 'config').map((place) => place.name))) {
    const secret =
      settings[name] ?? (config[name] === undefined ? await scope.configuration_secret?.(name) : undefined);
    if (secret !== undefined && secret !== null) config[name] = secret;
  }
  return {
    app: places.some(({ source }) => source === 'app') ? await appSecrets(scope, credential) : {},
    config,
    credential: credential?.values ?? {},
    integration: integration ? { ...integration.learned, id: integration._id } : {},
    hook: {},
  };
}

/** Looks a place up. */
export function valueIn(values: Values): (place: TemplatePlace) => string | undefined {
  return ({ source, name }) => (source === 'request' ? undefined : own(values[source], name));
}

/** Fills a template. @throws TemplateError */
export function fill(template: string, values: Values): string {
  return expandTemplate(template, valueIn(values));
}

/** Fills every value of an object of templates. @throws TemplateError */
export function fillAll(
  templates: Readonly<Record<string, string>> | undefined,
  values: Values,
): Record<string, string> {
  return Object.fromEntries(Object.entries(templates ?? {}).map(([name, template]) => [name, fill(template, values)]));
}

/**
 * Every secret that this plugin's requests could carry: what must never stand in an answer. Which fields are secret
 * the manifest says; what it does not declare is secret when it comes from a credential or the app.
 */
export function secretsIn(scope: BrokerScope, values: Values, credential: Credential | null): string[] {
  const manifest = manifestOf(scope.installation);
  const fields = Object.assign({}, ...(manifest.auth ?? []).map((auth) => auth.fields ?? {})) as Record<
    string,
    { format?: string }
  >;
  const settings = (manifest.configuration as { properties?: Record<string, { format?: string }> } | undefined)
    ?.properties;
  const declared = { app: manifest.app ?? {}, config: settings ?? {}, credential: fields };
  const found = (['app', 'config', 'credential', 'hook'] as const).flatMap((source) =>
    Object.entries(values[source])
      .filter(([name]) => isSecretPlace({ source, name, filters: [] }, declared) && !open.has(`${source}.${name}`))
      .map(([, value]) => value),
  );
  const others = Object.values(credential?.others ?? {}).flatMap((byKey) =>
    Object.values(byKey).flatMap((one) => Object.values(one.values)),
  );
  return [...found, ...others];
}

/** Parts of a token answer that are not secret, though they are kept beside the secret ones. */
const open = new Set(['credential.token_type', 'credential.scope', 'credential.expires_at', 'credential.username']);

function plainValues(values: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(values))
    if (['string', 'number', 'boolean'].includes(typeof value)) plain[name] = String(value);
  return plain;
}

function own(values: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
