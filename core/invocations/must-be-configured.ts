import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { pointerTo } from '../../sdk/contract/pointer.ts';
import { sentenceFor } from '../../sdk/contract/sentence-for.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type Settings, secretNames } from './settings.ts';

/**
 * An action runs only where every setting that the schema requires is there: `ctx.config` is typed so. A level by itself may
 * leave them to the other one, and what the workspace says may change after its projects were checked, so this is seen
 * here. An integration's own settings count too.
 *
 * @throws Failure `configuration_invalid` naming each that is missing
 */
export function mustBeConfigured(
  { name, manifest }: { name: string; manifest: Pick<Manifest, 'configuration'> },
  settings: Settings,
  integration: Pick<IntegrationDoc, 'configuration' | 'configuration_secrets'> | null,
  language: Language = 'en',
): void {
  const { required = [] } = (manifest.configuration ?? {}) as { required?: string[] };
  if (required.length === 0) return;
  const said = new Set([
    ...Object.keys(settings.values),
    ...settings.secrets,
    ...Object.keys(integration?.configuration ?? {}),
    // Sealed as one text: which of them it holds is not told without opening it.
    ...(integration?.configuration_secrets ? secretNames(manifest) : []),
  ]);
  const missing = required.filter((one) => !said.has(one));
  if (missing.length === 0) return;
  throw new Failure('configuration_invalid', {
    message: `${name} is not configured here: set ${missing.join(', ')} for the project or the workspace`,
    content: {
      errors: missing.map((one) => {
        const params = { missingProperty: one };
        const message = sentenceFor('required', params, language);
        return { pointer: `/configuration${pointerTo(one)}`, message, keyword: 'required', params };
      }),
    },
  });
}
