import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { pointerTo } from '../../sdk/contract/pointer.ts';
import { sentenceFor } from '../../sdk/contract/sentence-for.ts';
import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';
import { secretNames } from '../invocations/settings.ts';
import { partialSchema } from './partial-schema.ts';

/** What reads instead of a secret; writing it back keeps the secret. */
export const maskedSecret = '••••';

/** What one level may weigh as JSON: a call takes all of them in, and may take 1 MB. */
const largest = 262_144;

type Configured = Pick<Manifest, 'configuration'>;

/**
 * Checks settings against the manifest's schema.
 *
 * @param given every value, secrets in the clear, as the plugin would see them all together
 * @param isPart true for one level of two: what is required may then be said by the other level
 * @throws Failure `configuration_invalid`, with pointers below `/configuration`
 */
export function checkValues(
  manifest: Configured,
  given: Record<string, unknown>,
  isPart: boolean,
  language: Language = 'en',
): void {
  const schema = settingsSchema(manifest);
  const checked = strangerCheck(isPart ? partialSchema(schema) : schema, { defaults: true })(given, language);
  if (checked.ok) return;
  const secrets = secretNames(manifest);
  throw invalid(
    checked.errors.map(({ pointer, message, keyword, params }) => ({
      pointer: `/configuration${pointer}`,
      message,
      keyword,
      params: secrets.has(pointer.split('/')[1] ?? '') ? {} : params,
    })),
  );
}

/** The schema of a plugin's settings; a plugin that declares none has none. */
export function settingsSchema(manifest: Configured): object {
  return (manifest.configuration as object | undefined) ?? noSettings;
}

const noSettings = { type: 'object', additionalProperties: false };

/** @throws Failure `configuration_invalid` when a level is too large for a call to take in */
export function checkSize(given: Record<string, unknown>, language: Language = 'en'): void {
  if (Buffer.byteLength(JSON.stringify(given)) > largest) throw wrongSetting('', 'bytes', { limit: largest }, language);
}

/** One wrong setting, told as the schema's own rules are. `name` is the top-level one; empty: all of them together. */
export function wrongSetting(
  name: string,
  keyword: string,
  params: Record<string, unknown>,
  language: Language = 'en',
): Failure {
  const message = sentenceFor(keyword, params, language);
  return invalid([{ pointer: `/configuration${name === '' ? '' : pointerTo(name)}`, message, keyword, params }]);
}

function invalid(errors: { pointer: string; message: string; keyword: string; params: object }[]): Failure {
  return new Failure('configuration_invalid', { content: { errors } });
}
