import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';
import { maskedSecret, settingsSchema } from '../configurations/check-values.ts';
import { partialSchema } from '../configurations/partial-schema.ts';

/** What a secret reads as; writing it back keeps the old value. */
export const mask = maskedSecret;

interface SettingsSchema {
  properties?: Record<string, { format?: string }>;
}

/**
 * Checks the settings of one integration and parts the secret ones from the others. They only lie over the plugin's own,
 * so nothing is required of them.
 *
 * @param old the secrets that are stored: a masked value keeps its own
 * @returns also `app`: what older clients put among the settings though it is the OAuth app's; `unused`: addresses that they
 * sent and the plugin has its own of
 * @throws Failure `configuration_invalid` with pointers below `/configuration`
 */
export function readSettings(
  manifest: Manifest,
  given: Record<string, unknown>,
  old: Record<string, string>,
): {
  configuration: Record<string, unknown>;
  secrets: Record<string, string>;
  app: Record<string, string>;
  unused: string[];
} {
  const { settings, app, unused } = withoutApp(manifest, given);
  const fields = (manifest.configuration as SettingsSchema | undefined)?.properties ?? {};
  const filled = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (fields[name]?.format !== 'secret' || value !== mask) return [[name, value]];
      // Masked where nothing is stored: it is the plugin's own secret that the client was shown, and stays that.
      return old[name] === undefined ? [] : [[name, old[name]]];
    }),
  );
  const checked = strangerCheck(partialSchema(settingsSchema(manifest)))(filled);
  if (!checked.ok)
    throw new Failure('configuration_invalid', {
      content: { errors: checked.errors.map((error) => ({ ...error, pointer: `/configuration${error.pointer}` })) },
    });
  const configuration: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(filled)) {
    if (fields[name]?.format === 'secret') secrets[name] = String(value);
    else configuration[name] = value;
  }
  return { configuration, secrets, app, unused };
}

const appNames: Record<string, string> = {
  clientId: 'client_id',
  client_id: 'client_id',
  clientSecret: 'client_secret',
  client_secret: 'client_secret',
};
const addresses = ['authorizationUrl', 'authorization_url', 'tokenUrl', 'token_url'];

/**
 * Older clients send the OAuth app and its addresses as settings. The addresses are the plugin's, whatever a client
 * says: a token address of the caller's choosing would be handed the app's secret.
 */
function withoutApp(manifest: Manifest, given: Record<string, unknown>) {
  const declared = (manifest.configuration as SettingsSchema | undefined)?.properties ?? {};
  const hasOAuth = manifest.auth?.some(({ type }) => type === 'oauth2' || type === 'oauth1') ?? false;
  const settings: Record<string, unknown> = {};
  const app: Record<string, string> = {};
  const unused: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const appName = Object.hasOwn(appNames, name) ? appNames[name] : undefined;
    if (Object.hasOwn(declared, name)) settings[name] = value;
    else if (appName && typeof value === 'string') app[appName] = value;
    else if (hasOAuth && addresses.includes(name)) unused.push(name);
    else settings[name] = value;
  }
  return { settings, app, unused };
}
